"""A GET never writes.

Mail scanners, prefetching browsers and crawlers open every address they find.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.apps import apps
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from assessments.actions.share_links import make_share_link
from tests.support.taker import Taker

WRITES = re.compile(r"\s*(?:INSERT|UPDATE|DELETE|REPLACE)\b", re.I)
PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>|\(\?P<(\w+)>(?:[^()]|\([^()]*\))*\)")


def addresses(
    patterns: list[URLPattern | URLResolver], before: str = "/"
) -> Iterator[str]:
    """Every address of the site as it stands in the URL configuration, parameters and
    all.
    """
    for pattern in patterns:
        route = before + str(pattern.pattern).lstrip("^").rstrip("$")
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern.url_patterns, route)
        else:
            yield route


def filled(address: str, values: dict[str, Any]) -> str:
    """The address with its parameters; 1 unless told; in the admin, the key of a row of
    the model named.
    """
    model = re.match(r"/admin/(\w+)/(\w+)/<", address)
    if model:
        row = apps.get_model(model[1], model[2])._default_manager.first()
        values = values | {
            "pk": row.pk if row else 1,
            "object_id": row.pk if row else 1,
        }
    return PARAMETER.sub(
        lambda parameter: str(values.get(parameter[1] or parameter[2], 1)), address
    )


@pytest.fixture
def everybody(
    questionnaire: object, staff_client: Client, staff: User
) -> tuple[Client, dict[str, Any]]:
    """Staff who are visitors as well, with a finished result, a shared link and one
    sitting still open.
    """
    EmailAddress.objects.create(
        user=staff, email=staff.email, verified=True, primary=True
    )
    visitor = Taker(staff_client)
    visitor.take("clear_project")
    link = make_share_link(visitor.result(), scope="answers", label="Coach", days=7)
    visitor.client.post("/quiz/result/1/correct/", {"question": "T1"})
    return visitor.client, {
        "pk": link.pk,
        "scope": "answers",
        "token": link.token,
        "slug": "skills",
        "app_label": "content",
    }


@pytest.mark.slow
def test_no_address_writes_when_it_is_read(
    everybody: tuple[Client, dict[str, Any]],
) -> None:
    client, values = everybody
    written: list[str] = []
    found: dict[str, int] = {}
    here = ""

    def watch(
        execute: Callable[..., Any],
        sql: str,
        params: Any,
        many: bool,
        context: dict[str, Any],
    ) -> Any:
        if WRITES.match(sql):
            written.append(f"{here}: {sql}")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        for address in dict.fromkeys(addresses(get_resolver().url_patterns)):
            here = filled(address, values)
            found[here] = client.get(here).status_code

    # /readyz tries a write and takes it away again; nobody but probes asks for it. A
    # code that does not exist is a guess, and guesses are counted.
    counted = ("/readyz: ", "/join/1/: ", "/join/1/stop/: ")
    assert [line for line in written if not line.startswith(counted)] == []
    assert {path: status for path, status in found.items() if status >= 500} == {}
    # The walk has really come by: as a visitor, as an owner, as a reader of a link, as
    # staff and at the account's own pages.
    for path in (
        "/skills/",
        "/quiz/1/",
        "/quiz/result/1/",
        f"/r/{values['token']}/",
        filled("/admin/content/page/<path:object_id>/change/", {}),
        "/accounts/2fa/",
    ):
        assert found[path] == 200, path
