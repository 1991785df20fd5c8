"""What a page of the admin shows: findings, messages, errors, buttons."""

from __future__ import annotations

import re

from django.http import HttpResponse

from tests.support.dom import parse

Shown = tuple[str, list[str], bool]


def findings_shown(response: HttpResponse) -> list[Shown]:
    """The rule of each finding, where its links lead, and whether it blocks."""
    return [
        (
            item.attributes["data-rule"],
            item.values("a"),
            "blocking" in of.attributes["class"],
        )
        for of in parse(response).all("ul.findings")
        for item in of.all("li")
    ]


def quoted(words: str) -> list[str]:
    """The names that a sentence holds between quotation marks, in order."""
    return re.findall("“([^”]*)”", words)


def messages_of(response: HttpResponse) -> list[str]:
    return [message.message for message in response.context["messages"]]


def errors_of(response: HttpResponse) -> dict[str, list[str]]:
    """The codes of what is wrong with each field of a form of the admin."""
    form = response.context["adminform"].form
    return {
        name: [error.code for error in errors]
        for name, errors in form.errors.as_data().items()
    }


def buttons_of_coach(response: HttpResponse) -> list[str]:
    """What a manager can do with a coach: approve, close, open, new-password."""
    actions = parse(response).values("form[action^='/admin/assessments/coach/']")
    return [action.split("/")[-2] for action in actions]
