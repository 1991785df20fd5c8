"""What every site is asked for, and what a folder of static files must not give."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import Client, override_settings
from django.utils import timezone

from content.models import SiteWords
from rolefit.static import StaticFiles
from tests.support.articles import publish_drafted_words

pytestmark = pytest.mark.django_db


def test_security_txt_has_what_the_standard_wants(
    article: None, client: Client
) -> None:
    SiteWords.objects.update(contact_email="safe@example.net")
    publish_drafted_words()
    response = client.get("/.well-known/security.txt")
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    fields = dict(
        line.split(": ", 1) for line in response.content.decode().splitlines()
    )
    assert fields["Contact"] == "mailto:safe@example.net"
    assert fields["Canonical"] == f"{settings.BASE_URL}/.well-known/security.txt"
    until = datetime.fromisoformat(fields["Expires"])
    assert timedelta(days=90) < until - timezone.now() < timedelta(days=365)


def test_security_txt_without_an_address_is_not_there(
    article: None, client: Client
) -> None:
    assert client.get("/.well-known/security.txt").status_code == 404


def test_password_managers_find_the_page_of_the_password(client: Client) -> None:
    response = client.get("/.well-known/change-password")
    assert response["Location"] == "/accounts/password/change/"


def test_icon_is_found_without_reading_a_page(client: Client) -> None:
    response = client.get("/favicon.ico")
    assert response["Location"].startswith("/static/img/icon")
    icon = client.get(response["Location"])
    assert icon.status_code == 200
    icon.close()


@pytest.mark.parametrize("look_up_each_time", [True, False])
def test_hidden_files_are_not_served(tmp_path: Path, look_up_each_time: bool) -> None:
    for name in (".collected", "shown.txt", ".git/config"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("text")
    with override_settings(
        STATIC_ROOT=str(tmp_path),
        WHITENOISE_USE_FINDERS=False,
        WHITENOISE_AUTOREFRESH=look_up_each_time,
    ):
        files = StaticFiles(lambda request: HttpResponse())
    found = [
        name
        for name in (".collected", "shown.txt", ".git/config")
        if (
            files.find_file(f"/static/{name}")
            if look_up_each_time
            else files.files.get(f"/static/{name}")
        )
    ]
    assert found == ["shown.txt"]
