"""Whatever staff send to the admin, it answers: nothing there fails."""

from __future__ import annotations

import os
import random

import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.db import transaction
from django.test import Client
from django.urls import NoReverseMatch, reverse

from assessments.actions.drafts import duplicate
from assessments.models import Coach, Version
from tests.support.admin_addresses import admin_names
from tests.support.coaching import signed_in_as
from tests.support.dom import parse
from tests.support.editing import member_of
from tests.support.hostile import HOSTILE

pytestmark = [pytest.mark.database, pytest.mark.slow]
# Requests by each group. `make soak` sends 2,000.
REQUESTS = int(os.environ.get("FUZZED_REQUESTS", "40"))
GROUPS = ("Editor", "Publisher", "Analyst", "Coach manager", "superuser")
# Odd texts for words, lists and dates, beside HOSTILE for numbers. No browser can send
# half of a character.
ODD = [
    *(text for text in HOSTILE if len(text) < 6_000 and "\ud800" not in text),
    "",
    " ",
    "\x00",
    "a\x00b",
    "\u202edlrow",
    "' OR 1=1 --",
    "%s%(x)d{0}",
    "<script>alert(1)</script>",
    "on",
    "1",
    "2",
    "2026-11-28",
    "9999-99-99",
    "../../etc/passwd",
    "__all__",
    "javascript:alert(1)",
    '{"a": 1}',
    "𝔘" * 300,
]
PARAMETERS = ("q", "o", "p", "all", "e", "_popup", "_to_field", "before", "after")
PARAMETERS += ("page", "since", "until", "form", "_changelist_filters", "action")


def filters() -> list[str]:
    """Names that lists of the admin filter by."""
    found = []
    for its in admin.site._registry.values():
        for each in its.list_filter:
            if isinstance(each, str):
                found += [each, f"{each}__exact", f"{each}__isnull", f"{each}__gte"]
                found += [f"{each}__id__exact"]
    return found


class Fuzzer:
    def __init__(self, client: Client, seed: str) -> None:
        self.client, self.random = client, random.Random(seed)
        self.names, self.filters = list(admin_names().items()), filters()

    def address(self) -> str:
        choose = self.random.choice
        while True:
            name, parts = choose(self.names)
            values = {
                part: choose(["1", "2", "3", "999", "1", "x", *ODD[:8]])
                for part in parts
            }
            try:
                path = reverse(f"admin:{name}", kwargs=values)
            except NoReverseMatch:
                try:
                    path = reverse(f"admin:{name}", args=list(values.values()))
                except NoReverseMatch:
                    continue
            if len(path) < 4_000:
                return path

    def odd(self) -> str:
        return self.random.choice(ODD)

    def query(self) -> dict[str, str]:
        names = self.random.sample([*PARAMETERS, *self.filters], k=3)
        return {name: self.odd() for name in names if self.random.random() < 0.6}

    def form(self, path: str) -> dict[str, str]:
        """What the page's own form would send, with two or three fields changed."""
        response = self.client.get(path)
        if response.status_code != 200 or "html" not in response["Content-Type"]:
            return {self.random.choice(PARAMETERS): self.odd()}
        fields = parse(response).all("#content form [name]")
        sent = {
            field.attributes["name"] or "": field.attributes.get("value") or ""
            for field in fields
        }
        for name in self.random.sample(sorted(sent), k=min(3, len(sent))):
            sent[name] = self.odd()
        return sent

    def send(self) -> tuple[str, int]:
        path, query = self.address(), self.query()
        if self.random.random() < 0.6:
            return f"GET {path} {query}", self.client.get(path, query).status_code
        form = self.form(path)
        return f"POST {path} {form}", self.client.post(path, form).status_code


@pytest.mark.django_db
@pytest.mark.parametrize("group", GROUPS)
def test_nothing_that_a_group_sends_makes_the_admin_fail(
    questionnaire: Version, coach: Coach, staff: User, group: str
) -> None:
    duplicate(questionnaire)
    user = staff if group == "superuser" else member_of(group)
    fuzzer = Fuzzer(signed_in_as(user), group)
    statuses = set()
    for _ in range(REQUESTS):
        # What one request has changed does not weaken the next.
        with transaction.atomic():
            sent, status = fuzzer.send()
            transaction.set_rollback(True)
        assert status < 500, sent
        statuses.add(status)
    assert statuses & {200, 302}
