"""A visitor starts, answers, finishes and corrects an attempt."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from assessments import keys
from assessments.actions.locks import lock_owner
from assessments.engine import score
from assessments.models import Attempt, Owner, Result, Version
from assessments.queries import versions

MOST_SECONDS_A_SECTION = (
    600  # longer is a coffee break and not active time (docs/instrument.md section 2.5)
)
MOST_SECONDS_A_QUESTION = 600

Answers = Mapping[str, int | None]


class NoOpenAttempt(Exception):
    """The attempt was finished meanwhile, perhaps in another window."""


class Unanswered(Exception):
    """Some questions have neither an answer nor "Not sure"."""

    def __init__(self, questions: list[str]) -> None:
        super().__init__(", ".join(questions))
        self.questions = questions


class TooFew(Exception):
    """All is answered, but with so many "Not sure" that nothing fair can be said (outcome too_few)."""

    def __init__(self, skipped: list[str]) -> None:
        super().__init__(", ".join(skipped))
        self.skipped = skipped


@dataclass(frozen=True, slots=True)
class Saved:
    """What a save left behind: all stored answers, and for each contested question the answer that was kept."""

    answers: dict[str, int | None]
    contested: dict[str, int | None] = field(default_factory=dict)


def _lock_open(owner: Owner) -> Attempt:
    lock_owner(owner.pk)
    attempt = Attempt.objects.filter(owner=owner, finished_at=None).first()
    if attempt is None:
        raise NoOpenAttempt
    return attempt


@transaction.atomic
def start(
    *, version: Version, form: str, by_staff: bool = False
) -> tuple[Attempt, str]:
    """A new Owner with an open attempt. Returns the attempt and the owner key, which is stored nowhere but with the visitor.

    `by_staff`: whether somebody signed in as staff is trying it out.
    """
    key = keys.new_key()
    owner = Owner.objects.create(key_sha256=keys.digest(key))
    return _open(owner, version=version, form=form, by_staff=by_staff), key


@transaction.atomic
def start_again(
    owner: Owner, *, version: Version, form: str, by_staff: bool = False
) -> Attempt:
    """A fresh attempt of the same owner. An open one is continued instead: an owner has at most one. Raises Gone."""
    lock_owner(owner.pk)
    opened = Attempt.objects.filter(owner=owner, finished_at=None).first()
    return opened or _open(owner, version=version, form=form, by_staff=by_staff)


def _open(
    owner: Owner,
    *,
    version: Version,
    form: str,
    by_staff: bool,
    origin: Attempt | None = None,
) -> Attempt:
    now = timezone.now()
    return Attempt.objects.create(
        owner=owner,
        version=version,
        form=form,
        answers=dict(origin.answers) if origin else {},
        seconds=origin.seconds if origin else 0,
        made_from=origin,
        by_staff=by_staff,
        started_at=now,
        changed_at=now,
    )


@transaction.atomic
def save_answers(
    owner: Owner,
    *,
    seen: Answers,
    chosen: Answers,
    shown_at: datetime | None = None,
    timings: Mapping[str, float] | None = None,
) -> Saved:
    """Store what differs between the answers a page was rendered with (`seen`, a missing id = not yet answered) and those
    chosen on it. A question whose stored answer has changed meanwhile is left alone and reported as contested.

    `shown_at`: when the page was rendered; the time since then, at most 600 s, is added to the attempt's active seconds,
    never counting the same moment twice (docs/instrument.md section 2.5). Leave it out for saves that are not the end of a page.

    `timings`: seconds on questions, earlier visits to them included; at most 600 s each are kept, in tenths. The larger of the
    stored and the given stays, so that a save sent twice adds nothing. They feed section 6 alone, never a score.

    Answers must have been checked against the form before. Raises NoOpenAttempt, Gone.
    """
    attempt = _lock_open(owner)
    answers, contested = dict(attempt.answers), {}
    for question, answer in chosen.items():
        stored_matches_seen = (question in answers) == (
            question in seen
        ) and answers.get(question) == seen.get(question)
        stored_matches_chosen = question in answers and answers[question] == answer
        if stored_matches_chosen:
            continue
        if stored_matches_seen:
            answers[question] = answer
        elif question in seen and seen[question] == answer:
            continue  # untouched on this page, changed on another: nothing to ask
        else:
            contested[question] = answers.get(question)
    now = timezone.now()
    if shown_at is not None and attempt.seconds is not None:
        since = max(shown_at, attempt.timed_until) if attempt.timed_until else shown_at
        attempt.seconds += min(
            max(int((now - since).total_seconds()), 0), MOST_SECONDS_A_SECTION
        )
        attempt.timed_until = now
    for question, seconds in (timings or {}).items():
        attempt.timings[question] = max(
            attempt.timings.get(question, 0.0),
            round(min(seconds, MOST_SECONDS_A_QUESTION), 1),
        )
    attempt.answers, attempt.changed_at = answers, now
    attempt.save(
        update_fields=["answers", "seconds", "timed_until", "timings", "changed_at"]
    )
    return Saved(answers, contested)


@transaction.atomic
def finish(owner: Owner, *, stop_early: bool = False) -> Result:
    """Score the open attempt and freeze the outcome as the owner's next Result.

    `stop_early` turns a full attempt into a short one first (docs/instrument.md section 2.9).
    Raises NoOpenAttempt, Gone, Unanswered, TooFew; then nothing is written and the attempt stays open.
    """
    attempt = _lock_open(owner)
    if stop_early:
        attempt.form = "short"
    questionnaire = versions.questionnaire_of(attempt.version)
    questions = [question.id for question in questionnaire.questions_of(attempt.form)]
    unanswered = [question for question in questions if question not in attempt.answers]
    if unanswered:
        raise Unanswered(unanswered)
    answers: dict[str, int | None] = {
        question: attempt.answers[question] for question in questions
    }
    scored = score(questionnaire, answers, form=attempt.form, seconds=attempt.seconds)
    if scored.scores is None:
        raise TooFew([question for question in questions if answers[question] is None])
    now = timezone.now()
    attempt.finished_at = attempt.changed_at = now
    attempt.save(update_fields=["form", "finished_at", "changed_at"])
    return Result.objects.create(
        owner=owner,
        number=(
            Result.objects.filter(owner=owner).aggregate(Max("number"))["number__max"]
            or 0
        )
        + 1,
        attempt=attempt,
        version=attempt.version,
        form=attempt.form,
        outcome=scored.outcome.value,
        lean=float(scored.scores.lean),
        answers=canonical(answers),
        seconds=attempt.seconds,
        reply=canonical(scored.reply()),
        finished_at=now,
        expires_at=now + settings.FINISHED_KEPT,
    )


def canonical(value: object) -> str:
    """JSON with sorted keys and no spaces: equal values are equal bytes."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


@transaction.atomic
def correct(result: Result) -> Attempt:
    """Open a corrected attempt that begins with a finished result's answers, form and seconds; the result stays as it is.
    An attempt already open is returned as it stands."""
    return _reopen(result, form=result.form)


@transaction.atomic
def continue_to_full(result: Result) -> Attempt:
    """Open a full attempt that begins with a short result's answers and seconds (docs/instrument.md section 2.9)."""
    return _reopen(result, form="full")


def _reopen(result: Result, *, form: str) -> Attempt:
    lock_owner(result.owner_id)
    opened = Attempt.objects.filter(owner=result.owner, finished_at=None).first()
    if opened is not None:
        return opened
    origin = result.attempt
    return _open(
        result.owner,
        version=result.version,
        form=form,
        by_staff=origin.by_staff,
        origin=origin,
    )
