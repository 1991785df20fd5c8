"""What a reader sees of a page, and how a browser asks for one."""

from __future__ import annotations

import html
import re

from django.http import HttpResponse

from tests.support.dom import parse

OURS = {"Sec-Fetch-Site": "same-origin"}
ANSWERS_ONLY = (
    'id="change"',
    'id="sum"',
    "Much more A",
    "Before I start something, I list",
)
STRENGTHS_ONLY = ("Strong pull", 'id="strengths"')


def text_of(page: bytes) -> str:
    """What a reader sees: tags out, white space folded."""
    return " ".join(
        html.unescape(re.sub(r"<[^>]+>", " ", page.decode())).split()
    ).replace(" .", ".")


def levels(response: HttpResponse) -> list[str]:
    """The levels of the messages that a page shows: success, warning, error …"""
    return [message.level_tag for message in response.context["messages"]]


def template_of(response: HttpResponse) -> str:
    """Which page it is."""
    name = response.templates[0].name
    assert name is not None
    return name


def steps_shown(response: HttpResponse) -> list[str]:
    """The next steps that coaches share with the owner, as the page lists them."""
    steps = [step.text for grant in response.context["grants"] for step in grant.steps]
    shown = parse(response).texts("ul.checklist li")
    assert [text for text in steps if not any(text in item for item in shown)] == []
    return steps
