"""Somebody invited, page by page, as a browser without script would."""

from __future__ import annotations

import html
import re

from django.http import HttpResponse
from django.test import Client

from assessments.models import Attempt, Invitation
from tests.support.markup import flat
from tests.support.taker import EXAMPLES, Taker, answers_of

KEY = re.compile(r'name="nonce" value="([^"]*)"')


class Guest(Taker):
    def __init__(self, invitation: Invitation, client: Client | None = None) -> None:
        super().__init__(client)
        self.address = f"/join/{invitation.code}/"

    def look(self) -> HttpResponse:
        """Open the page of the invitation."""
        response = self.client.get(self.address)
        assert response.status_code == 200
        return response

    def terms(self) -> str:
        return flat(html.unescape(self.look().content.decode()))

    def share(self, name: str = "Ann", **data: str) -> HttpResponse:
        """Open the page, tick the box, press the button.

        The nonce is the one that the page carried.
        """
        found = KEY.search(self.terms())
        carried = {"nonce": found[1]} if found else {}
        return self.client.post(
            self.address,
            {"name": name, "agree": "on", "action": "share"} | carried | data,
        )

    def answer_all(self, example: str) -> HttpResponse:
        """From joined to Finish."""
        for number in range(1, 7 if EXAMPLES[example][0] == "full" else 4):
            assert self.answer(number, answers_of(example)).status_code == 302
        Attempt.objects.filter(
            finished_at=None, owner__key_sha256=self._digest()
        ).update(seconds=300)
        return self.client.post("/quiz/review/")

    def take_again(self, example: str) -> HttpResponse:
        """A new sitting of the same owner."""
        self.start(who="same")
        return self.answer_all(example)
