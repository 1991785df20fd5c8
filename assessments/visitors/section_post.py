"""Read what a section page posts: answers, time of drawing, seconds spent."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from django.core import signing
from django.utils import timezone

from assessments.actions.attempts import Posted
from assessments.answering import AnswerMap, read_answer
from assessments.engine import SectionDefinition
from assessments.models import Attempt

PLAIN_FIELDS = frozenset({"csrfmiddlewaretoken", "shown", "action"})
# The hidden field that says what was drawn. During an upgrade, pages of this release
# are posted to 0.2.0, too, which ignores unknown fields only if they begin like this.
DRAWN = "time-drawn"
SECONDS_PATTERN = re.compile(r"\d{1,9}(\.\d{1,9})?", re.ASCII)
SECTION_SALT = "section"
DRAWN_SALT = "section drawn"


class TamperedPost(Exception):
    """The post contains something that our page cannot have sent."""


def read_section_post(
    section: SectionDefinition, attempt: Attempt, data: Mapping[str, str]
) -> Posted:
    """Read a whole post. Raises TamperedPost."""
    questions = {question.id for question in section.questions}
    allowed = PLAIN_FIELDS | questions | {f"was-{question}" for question in questions}
    if not {name for name in data if not name.startswith("time-")} <= allowed:
        raise TamperedPost
    seen, chosen = read_answers(section, data)
    return Posted(
        seen=seen,
        chosen=chosen,
        shown_at=_read_moment(attempt, data),
        seconds=read_seconds(section, data),
    )


def read_answers(
    section: SectionDefinition, data: Mapping[str, str]
) -> tuple[AnswerMap, AnswerMap]:
    """The answers that the page was drawn with, and the chosen ones.

    Raises TamperedPost.
    """
    seen: AnswerMap = {}
    chosen: AnswerMap = {}
    try:
        for question in section.questions:
            if was := data.get(f"was-{question.id}", ""):
                seen[question.id] = read_answer(was, question)
            if answer := data.get(question.id, ""):
                chosen[question.id] = read_answer(answer, question)
    except ValueError as error:
        raise TamperedPost from error
    return seen, chosen


@dataclass(frozen=True, slots=True)
class Drawn:
    """What a section page was drawn from, signed in its hidden fields.

    So the page can be drawn again while the database is away. `sha256` is that of the
    questionnaire; it and `form` are empty on a page of an earlier release.
    """

    attempt_id: int
    moment: datetime
    sha256: str
    form: str


def signed_moment(attempt: Attempt) -> str:
    """The time of drawing, for the hidden field `shown`."""
    milliseconds = int(timezone.now().timestamp() * 1000)
    return signing.dumps([attempt.pk, milliseconds], salt=SECTION_SALT)


def signed_drawn(attempt: Attempt) -> str:
    """What was drawn, for the hidden field DRAWN."""
    return signing.dumps([attempt.version.sha256, attempt.form], salt=DRAWN_SALT)


def read_drawn(data: Mapping[str, str]) -> Drawn:
    """Read both hidden fields. Raises TamperedPost."""
    try:
        pk, milliseconds = signing.loads(data.get("shown", ""), salt=SECTION_SALT)
        moment = datetime.fromtimestamp(milliseconds / 1000, tz=UTC)
        sha256, form = "", ""
        if drawn := data.get(DRAWN):
            sha256, form = signing.loads(drawn, salt=DRAWN_SALT)
    except (ValueError, TypeError, signing.BadSignature) as error:
        raise TamperedPost from error
    return Drawn(pk, moment, sha256, form)


def _read_moment(attempt: Attempt, data: Mapping[str, str]) -> datetime:
    drawn = read_drawn(data)
    if drawn.attempt_id != attempt.pk:
        raise TamperedPost
    return drawn.moment


def read_seconds(
    section: SectionDefinition, data: Mapping[str, str]
) -> dict[str, float]:
    """Ignores a value that is no number: the page's script adds these fields."""
    posted = {
        question.id: data.get(f"time-{question.id}", "")
        for question in section.questions
    }
    return {
        question: float(seconds)
        for question, seconds in posted.items()
        if SECONDS_PATTERN.fullmatch(seconds)
    }
