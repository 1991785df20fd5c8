"""A visitor starts, answers, finishes and corrects an attempt."""

from __future__ import annotations

import dataclasses
import json
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Max, Q
from django.utils import timezone

from assessments import keys
from assessments.actions.locks import lock_owner, lock_owner_of
from assessments.actions.people import note_finish
from assessments.actions.retention import still_open
from assessments.engine import score
from assessments.models import (
    Attempt,
    Owner,
    Result,
    Version,
    kept_attempts,
    resumable,
)
from assessments.models.attempts import kept_since
from assessments.queries import versions
from assessments.queries.prepared import Given, Prepared, update_row

# More is a break and not active time (docs/instrument.md section 2.5).
MAX_SECONDS_A_SECTION = 600
MAX_SECONDS_A_QUESTION = 600
# Finished and open together. Somebody who takes the questions once a week for a year
# needs about as many.
MAX_RESULTS = 50
# Each corrected answer makes another result.
MAX_WITH_CORRECTIONS = 500
# A page saves after each answer: 25 questions, many of them changed several times.
MAX_SAVES = 600
SAVES_COUNTED_FOR = timedelta(hours=1)
_RESUMABLE = Prepared(
    lambda: (
        Attempt.objects.select_related("version")
        .defer("version__definition")
        .filter(resumable(since=Given("since")), owner=Given("owner"))
    )
)


class NoOpenAttempt(Exception):
    """The attempt is finished already, perhaps in another window."""


class Unanswered(Exception):
    """Some questions have neither an answer nor "Not sure"."""

    def __init__(self, questions: list[str]) -> None:
        super().__init__(", ".join(questions))
        self.questions = questions


class TooFew(Exception):
    """So many answers are "Not sure" that no result would be fair (outcome too_few)."""

    def __init__(self, skipped: list[str]) -> None:
        super().__init__(", ".join(skipped))
        self.skipped = skipped


class TooManyResults(Exception):
    """The owner has MAX_RESULTS already, or MAX_WITH_CORRECTIONS.

    An open attempt counts, and what is past its time does not.
    """


class TooManySaves(Exception):
    """The attempt was saved MAX_SAVES times in an hour. `seconds`: how long to wait."""

    def __init__(self, attempt: Attempt, seconds: int) -> None:
        super().__init__(f"wait {seconds} s")
        self.attempt, self.seconds = attempt, seconds


@dataclass(frozen=True, slots=True)
class Posted:
    """What a page posted, checked against the form.

    `seen`: the answers that were stored when the page was drawn; a missing id means
    "not yet answered". `chosen`: the answers on the page when it was sent. `shown_at`:
    when it was drawn. `seconds`: those on questions, earlier visits included.
    """

    seen: dict[str, int | None]
    chosen: dict[str, int | None]
    shown_at: datetime | None = None
    seconds: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Saved:
    """All stored answers after a save.

    `contested`: questions that the save did not change, each with its stored answer.
    """

    answers: dict[str, int | None]
    contested: dict[str, int | None] = field(default_factory=dict)


def _lock_open(owner: Owner) -> Attempt:
    lock_owner(owner.pk)
    return _open_of(owner)


def _open_of(owner: Owner) -> Attempt:
    """The open attempt of an owner who is locked. Raises NoOpenAttempt."""
    attempt = _RESUMABLE.first(owner=owner.pk, since=kept_since())
    if attempt is None:
        raise NoOpenAttempt
    attempt.owner = owner
    return attempt


@transaction.atomic
def start(
    *, version: Version, form: str, by_staff: bool = False, wish: str = ""
) -> tuple[Attempt, str]:
    """A new Owner with an open attempt.

    `by_staff`: whether somebody signed in as staff is trying it out. `wish`: a value of
    Wish, or empty. Returns the attempt and the owner key. The site does not store the
    key.
    """
    key = keys.new_key()
    owner = Owner.objects.create(key_sha256=keys.digest(key))
    attempt = _open(owner, version=version, form=form, by_staff=by_staff, wish=wish)
    return attempt, key


@transaction.atomic
def start_again(
    owner: Owner, *, version: Version, form: str, by_staff: bool = False, wish: str = ""
) -> Attempt:
    """A new attempt of the same owner, or the open one: an owner has at most one.

    An open attempt keeps its own wish.

    Raises OwnerGone, TooManyResults.
    """
    lock_owner(owner.pk)
    open_attempt = still_open(owner)
    return open_attempt or _open(
        owner, version=version, form=form, by_staff=by_staff, wish=wish
    )


def _open(
    owner: Owner,
    *,
    version: Version,
    form: str,
    by_staff: bool,
    wish: str = "",
    origin: Attempt | None = None,
) -> Attempt:
    _check_room(owner.pk)
    now = timezone.now()
    return Attempt.objects.create(
        owner=owner,
        version=version,
        form=form,
        answers=dict(origin.answers) if origin else {},
        seconds=origin.seconds if origin else 0,
        made_from=origin,
        by_staff=by_staff,
        wish=origin.wish if origin else wish,
        started_at=now,
        changed_at=now,
    )


def _check_room(owner_id: int) -> None:
    """Raises TooManyResults. The caller has locked the owner.

    An open attempt takes the place of its later result, so that it can be finished.
    """
    kept = Attempt.objects.filter(kept_attempts(), owner=owner_id).aggregate(
        every=Count("pk"), own=Count("pk", filter=Q(made_from=None))
    )
    if kept["own"] >= MAX_RESULTS or kept["every"] >= MAX_WITH_CORRECTIONS:
        raise TooManyResults


@transaction.atomic
def save_post(
    key: str, read: Callable[[Attempt], Posted], *, ends_page: bool
) -> tuple[Attempt, Posted, Saved]:
    """Store the answers that the owner with this key changed on a page.

    `read` checks what was posted against the open attempt, which is locked then. What
    it raises ends the save, and nothing is written.

    What differs between `seen` and `chosen` is stored. A question whose stored answer
    has changed since the page was drawn is not stored but reported as contested.

    `ends_page`: whether to add the time since `shown_at` to the attempt's active
    seconds, up to MAX_SECONDS_A_SECTION and without counting any moment twice
    (docs/instrument.md section 2.5).

    Of the seconds on a question at most MAX_SECONDS_A_QUESTION are kept, in tenths. The
    stored value stays if it is larger, so that a save which arrives twice adds nothing.
    Only the sums of docs/instrument.md section 6 use them, and no score does.

    Raises NoOpenAttempt, OwnerGone, TooManySaves.
    """
    attempt = _open_of(lock_owner_of(key))
    posted = read(attempt)
    saved = _save(
        attempt, posted if ends_page else dataclasses.replace(posted, shown_at=None)
    )
    return attempt, posted, saved


def _save(attempt: Attempt, posted: Posted) -> Saved:
    seen, shown_at = posted.seen, posted.shown_at
    now = timezone.now()
    _count_save(attempt, now)
    answers, contested = dict(attempt.answers), {}
    for question, answer in posted.chosen.items():
        stored_matches_seen = (question in answers) == (
            question in seen
        ) and answers.get(question) == seen.get(question)
        stored_matches_chosen = question in answers and answers[question] == answer
        if stored_matches_chosen:
            continue
        if stored_matches_seen:
            answers[question] = answer
        elif question in seen and seen[question] == answer:
            # Another window changed it and this page did not: there is nothing to ask.
            continue
        else:
            contested[question] = answers.get(question)
    if shown_at is not None and attempt.seconds is not None:
        since = max(shown_at, attempt.timed_until) if attempt.timed_until else shown_at
        attempt.seconds += min(
            max(int((now - since).total_seconds()), 0), MAX_SECONDS_A_SECTION
        )
        attempt.timed_until = now
    for question, seconds in posted.seconds.items():
        attempt.timings[question] = max(
            attempt.timings.get(question, 0.0),
            round(min(seconds, MAX_SECONDS_A_QUESTION), 1),
        )
    attempt.answers, attempt.changed_at = answers, now
    update_row(
        attempt,
        [
            "answers",
            "seconds",
            "timed_until",
            "timings",
            "changed_at",
            "saves",
            "saves_since",
        ],
    )
    return Saved(answers, contested)


def _count_save(attempt: Attempt, now: datetime) -> None:
    """Count in the attempt's own row, which a save writes anyway.

    Raises TooManySaves.
    """
    since = attempt.saves_since
    if since is None or not since <= now < since + SAVES_COUNTED_FOR:
        attempt.saves, attempt.saves_since = 1, now
        return
    if attempt.saves >= MAX_SAVES:
        left = (since + SAVES_COUNTED_FOR - now).total_seconds()
        raise TooManySaves(attempt, math.ceil(left))
    attempt.saves += 1


@transaction.atomic
def finish(owner: Owner, *, stop_early: bool = False) -> Result:
    """Score the open attempt and freeze the outcome as the owner's next Result.

    `stop_early` first turns a full attempt into a short one (docs/instrument.md section
    2.9). Raises NoOpenAttempt, OwnerGone, Unanswered, TooFew; then nothing is written
    and the attempt stays open.
    """
    attempt = _lock_open(owner)
    if stop_early:
        attempt.form = "short"
    result = _freeze(attempt)
    note_finish(attempt)
    return result


def _freeze(attempt: Attempt) -> Result:
    """Finish an attempt and store its outcome as the owner's next Result.

    Raises Unanswered, TooFew; then nothing is written.
    """
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
    attempt.save()
    results = Result.objects.filter(owner=attempt.owner_id)
    return Result.objects.create(
        owner_id=attempt.owner_id,
        number=(results.aggregate(Max("number"))["number__max"] or 0) + 1,
        attempt=attempt,
        version=attempt.version,
        form=attempt.form,
        outcome=scored.outcome.value,
        lean=float(scored.scores.lean),
        answers=canonical(answers),
        seconds=attempt.seconds,
        reply=canonical(scored.reply()),
        wish=attempt.wish,
        finished_at=now,
        expires_at=now + settings.FINISHED_KEPT,
    )


def canonical(value: object) -> str:
    """JSON with sorted keys and no spaces: equal values are equal bytes."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


@transaction.atomic
def correct(result: Result) -> Attempt:
    """Open an attempt with a result's answers, form and seconds, for corrections.

    The result stays as it is. If an attempt is open already, it is returned unchanged.
    Raises OwnerGone, TooManyResults.
    """
    return _reopen(result, form=result.form)


@transaction.atomic
def change_answer(result: Result, question: str, answer: int | None) -> Result:
    """The owner's next Result: the answers of this one with one of them changed.

    Returns this result where the answer stays the same, and the result of the first
    press of a double click. An attempt that is open stays as it is. Raises OwnerGone,
    TooFew, TooManyResults.
    """
    lock_owner(result.owner_id)
    if result.answer_map[question] == answer:
        return result
    origin, now = result.attempt, timezone.now()
    changed = canonical(result.answer_map | {question: answer})
    newest = (
        Result.objects.filter(owner=result.owner_id, expires_at__gt=now)
        .select_related("attempt")
        .order_by("-number")
        .first()
    )
    if newest and newest.attempt.made_from == origin and newest.answers == changed:
        return newest
    _check_room(result.owner_id)
    return _freeze(
        Attempt(
            owner_id=result.owner_id,
            version=result.version,
            form=result.form,
            answers=origin.answers | {question: answer},
            seconds=result.seconds,
            made_from=origin,
            by_staff=origin.by_staff,
            wish=origin.wish,
            started_at=now,
            changed_at=now,
        )
    )


@transaction.atomic
def continue_to_full(result: Result) -> Attempt:
    """Open a full attempt with a short result's answers and seconds.

    docs/instrument.md section 2.9. Raises OwnerGone, TooManyResults.
    """
    return _reopen(result, form="full")


def _reopen(result: Result, *, form: str) -> Attempt:
    lock_owner(result.owner_id)
    open_attempt = still_open(result.owner)
    if open_attempt is not None:
        return open_attempt
    origin = result.attempt
    return _open(
        result.owner,
        version=result.version,
        form=form,
        by_staff=origin.by_staff,
        origin=origin,
    )
