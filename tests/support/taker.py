"""A visitor who takes the questionnaire through the Django test client, page by page,
as a browser without script would.
"""

from __future__ import annotations

import hashlib
import html
import re
from collections.abc import Mapping

from django.http import HttpResponse
from django.test import Client

from assessments.models import Attempt, Owner, Result
from assessments.visitors.owner_cookie import COOKIE

HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')
EXAMPLES = {
    "clear_project": ("full", "144243153452", "42323132", "33243"),
    "both": ("full", "224324342323", "34332333", "43434"),
    "lean_product": ("short", "42234-43", "2323", ""),
    "low_both": ("full", "233434233344", "11011021", "22132"),
    "close": ("full", "333333333333", "22222222", "22222"),
    "careless": ("full", "111111111111", "22222222", "22222"),
    "clear_product": ("full", "522423513214", "24231323", "22222"),
    "lean_project": ("full", "244343333333", "22222222", "22222"),
    "too_few": ("full", "1442--------", "42323132", "33243"),
    "clear_short": ("short", "14424315", "4232", ""),
}
# Each outcome once in each form.
OUTCOMES_BY_FORM = EXAMPLES | {
    "lean_product_full": ("full", "422323333333", "22222222", "22222"),
    "lean_product_short": EXAMPLES["lean_product"],
    "clear_project_short": EXAMPLES["clear_short"],
    "clear_product_short": ("short", "52242351", "2324", ""),
    "lean_project_short": ("short", "24434333", "2222", ""),
    "close_short": ("short", "33333333", "2222", ""),
    "both_short": ("short", "33333333", "3333", ""),
    "low_both_short": ("short", "33333333", "1111", ""),
    "careless_short": ("short", "11111111", "2222", ""),
    "too_few_short": ("short", "1442----", "2222", ""),
}


def answers_of(example: str) -> dict[str, str]:
    """Question id to posted value of one example."""
    _, trade_offs, enjoyment, shared = OUTCOMES_BY_FORM[example]
    rows = (("T", trade_offs), ("E", enjoyment), ("S", shared))
    return {
        f"{letter}{place}": "skip" if button == "-" else button
        for letter, row in rows
        for place, button in enumerate(row, 1)
    }


class Taker:
    def __init__(self, client: Client | None = None) -> None:
        self.client = client or Client()

    def start(self, form: str = "full", **data: str) -> HttpResponse:
        return self.client.post("/quiz/", {"form": form} | data)

    @property
    def key(self) -> str:
        return self.client.cookies[COOKIE].value

    @property
    def owner(self) -> Owner:
        return Owner.objects.get()

    @property
    def attempt(self) -> Attempt:
        return Attempt.objects.get(finished_at=None)

    def page(self, number: int) -> dict[str, str]:
        """The hidden fields of a section, as a browser would send them back."""
        text = self.client.get(f"/quiz/{number}/").content.decode()
        return {
            name: html.unescape(value)
            for name, value in HIDDEN.findall(text)
            if name != "csrfmiddlewaretoken"
        }

    def answer(
        self,
        number: int,
        answers: Mapping[str, str],
        *,
        page: Mapping[str, str] | None = None,
        action: str = "continue",
    ) -> HttpResponse:
        fields = self.page(number) if page is None else page
        ours = {name[4:] for name in fields if name.startswith("was-")}
        chosen = {
            question: value for question, value in answers.items() if question in ours
        }
        return self.client.post(
            f"/quiz/{number}/", {**fields, **chosen, "action": action}
        )

    def take(self, example: str, *, seconds: int = 300) -> HttpResponse:
        """From the start to Finish; the clock is set by hand, since a test has no
        minutes to spare.
        """
        form = OUTCOMES_BY_FORM[example][0]
        self.start(form)
        for number in range(1, 7 if form == "full" else 4):
            assert self.answer(number, answers_of(example)).status_code == 302
        Attempt.objects.filter(
            finished_at=None, owner__key_sha256=self._digest()
        ).update(seconds=seconds)
        return self.client.post("/quiz/review/")

    def _digest(self) -> str:
        return hashlib.sha256(self.key.encode()).hexdigest()

    def result(self) -> Result:
        return Result.objects.order_by("-number").filter(
            owner__key_sha256=self._digest()
        )[0]
