"""Pages and sign-ins from before a change of SECRET_KEY still work afterward."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.contrib.auth.models import User
from django.test import Client, override_settings

from assessments.models import Version
from tests.support.taker import Taker, answers_of

pytestmark = pytest.mark.django_db

OLD, NEW = "o" * 50, "n" * 50


@contextmanager
def rotated(*fallbacks: str) -> Iterator[None]:
    with override_settings(SECRET_KEY=NEW, SECRET_KEY_FALLBACKS=list(fallbacks)):
        yield


@pytest.mark.parametrize(("fallbacks", "status"), [((OLD,), 302), ((), 400)])
def test_section_drawn_before_is_saved_only_while_the_old_key_is_known(
    questionnaire: Version, fallbacks: tuple[str, ...], status: int
) -> None:
    visitor = Taker(Client())
    with override_settings(SECRET_KEY=OLD):
        visitor.start()
        page = visitor.page(1)
    with rotated(*fallbacks):
        answers = answers_of("both")
        assert visitor.answer(1, answers, page=page).status_code == status
        saved = visitor.attempt.answers
        assert bool(saved) == (status == 302)
        # Pages from now on carry the new key.
        page = visitor.page(2)
    with override_settings(SECRET_KEY=NEW, SECRET_KEY_FALLBACKS=[]):
        assert visitor.answer(2, answers, page=page).status_code == 302


@pytest.mark.parametrize(("fallbacks", "status"), [((OLD,), 200), ((), 302)])
def test_sign_in_from_before_lasts_only_while_the_old_key_is_known(
    fallbacks: tuple[str, ...], status: int
) -> None:
    user = User.objects.create_user("ada", "ada@example.org", "a long pass phrase")
    client = Client()
    with override_settings(SECRET_KEY=OLD):
        client.force_login(user)
    with rotated(*fallbacks):
        assert client.get("/accounts/password/change/").status_code == status
