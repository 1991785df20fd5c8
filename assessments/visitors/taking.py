"""The pages before a result: start, sections, review, resume."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from fractions import Fraction

from django.db import InterfaceError, InternalError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import lazy
from django.utils.safestring import SafeString
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from assessments.actions import attempts, locks
from assessments.answering import (
    AnswerMap,
    StartForm,
    section_context,
    write_answer,
)
from assessments.engine import SectionDefinition
from assessments.engine.rounding import whole
from assessments.engine.walk import Walk
from assessments.keys import spaced
from assessments.models import Attempt, Result, Version
from assessments.queries import grants as grant_queries
from assessments.queries import owners, versions
from assessments.results.report import answered_sections
from assessments.results.scoring_facts import scoring_facts
from assessments.visitors.forms import (
    HollowSectionForm,
    KeyForm,
    SectionForm,
    section_holes,
)
from assessments.visitors.kept_pages import hole, render_kept
from assessments.visitors.owner_cookie import (
    DONE,
    OPEN,
    delete_owner_cookie,
    for_owner,
    key_of,
    set_owner_cookie,
    show_progress,
)
from assessments.visitors.section_post import (
    DRAWN,
    TamperedPost,
    read_answers,
    read_drawn,
    read_seconds,
    read_section_post,
    signed_drawn,
    signed_moment,
)
from assessments.web import (
    address_too_often,
    minutes,
    owner_too_often,
    small_key,
    unavailable,
)

# Per hour and owner.
MAX_STARTS = 30
MAX_FINISHES = 30
TOO_MANY_RESULTS = (
    "Your key has reached its limit of results. "
    "Start over with a new key, or delete everything first."
)

# The database is away, locked, full or read-only. Nothing is wrong with what was sent.
AWAY = (OperationalError, InterfaceError, InternalError)

_log = logging.getLogger(__name__)
# Lazy, so that the page comes first.
_key_card = lazy(small_key, SafeString)


@dataclass(frozen=True, slots=True)
class ResultRow:
    """One of the owner's results in a list. A held one keeps its outcome to itself."""

    result: Result
    hold: grant_queries.Hold | None

    @property
    def points(self) -> int:
        return whole(Fraction(self.result.lean or 0))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    version = versions.live_version()
    if version is None:
        return render(request, "assessments/closed.html", status=503)
    questionnaire = versions.questionnaire_of(version)
    scoring = scoring_facts(questionnaire)
    key = key_of(request)
    if request.method != "POST" and key is None:
        page = render_kept(
            request,
            "assessments/start.html",
            {},
            of=version.sha256,
            made=lambda: {
                "form": StartForm(None, scoring=scoring, roles=questionnaire.roles),
                "scoring": scoring,
            },
        )
        return show_progress(request, page, None)
    form = StartForm(
        request.POST if request.method == "POST" else None,
        scoring=scoring,
        roles=questionnaire.roles,
    )
    if (
        key
        and request.POST.get("who") == "same"
        and form.is_valid()
        and (answer := _start_again(request, key, version, form))
    ):
        return answer
    if request.method == "POST" and form.is_valid():
        if refusal := address_too_often(request, "start"):
            return refusal
        _, key = attempts.start(
            version=version,
            form=form.cleaned_data["form"],
            by_staff=request.user.is_staff,
            wish=form.cleaned_data["wish"],
        )
        return set_owner_cookie(
            redirect("section", 1),
            key,
            shared_computer=form.cleaned_data["shared_computer"],
        )
    context = {"form": form, "scoring": scoring} | (_what_is_kept(key) if key else {})
    return show_progress(
        request,
        render(
            request,
            "assessments/start.html",
            context,
            status=422 if form.errors else 200,
        ),
        OPEN if context.get("attempt") else DONE if context.get("results") else None,
    )


def _start_again(
    request: HttpRequest, key: str, version: Version, form: StartForm
) -> HttpResponse | None:
    """Start under the key of this browser.

    None where nothing is kept under it any more, or with an error in the form.
    """
    owner = owners.owner_by_key(key)
    if owner is None:
        return None
    if refusal := owner_too_often(request, "start", owner=owner.pk, most=MAX_STARTS):
        return refusal
    try:
        attempts.start_again(
            owner,
            version=version,
            form=form.cleaned_data["form"],
            by_staff=request.user.is_staff,
            wish=form.cleaned_data["wish"],
        )
    except locks.OwnerGone:
        return None
    except attempts.TooManyResults:
        form.add_error(None, TOO_MANY_RESULTS)
        return None
    return redirect("section", 1)


def _what_is_kept(key: str) -> dict[str, object]:
    """What the start page says to somebody who comes back."""
    owner = owners.owner_by_key(key)
    if owner is None:
        return {}
    attempt, results = owners.open_attempt(key), owners.own_results(owner)
    context: dict[str, object] = {"key": spaced(key), "attempt": attempt}
    if attempt:
        walk = versions.walk_of(attempt)
        gap = walk.first_gap(attempt.answers)
        context |= {
            "next_section": gap,
            "answered": sum(
                question.id in attempt.answers
                for section in walk.sections
                for question in section.questions
            ),
            "total": walk.total,
        }
    if results:
        grants = grant_queries.grants_of(owner)
        context["results"] = [
            ResultRow(result, grant_queries.hold_on_result(result, grants))
            for result in results
        ]
    return context


@require_http_methods(["GET", "HEAD", "POST"])
@for_owner
def section(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """One section, or with `?change=T7` that question alone."""
    try:
        return _section(request, key, number)
    except AWAY as error:
        answer = _unsaved(request, key, number) if request.method == "POST" else None
        if answer is None:
            raise
        _log.error("A section was not saved: %s", error)
        return answer


def _section(request: HttpRequest, key: str, number: int) -> HttpResponse:
    change = request.GET.get("change", "")
    if request.method != "POST":
        attempt = owners.open_attempt(key)
        if attempt is None:
            return redirect("result")
        asked = _Asked.of(versions.walk_of(attempt), number, change)
        return _section_page(request, key, attempt, asked)
    data = request.POST.dict()
    action = data.get("action", "")

    def read(attempt: Attempt) -> attempts.Posted:
        section = _Asked.of(versions.walk_of(attempt), number, change).section
        return read_section_post(section, attempt, data)

    try:
        attempt, posted, saved = attempts.save_post(
            key, read, ends_page=action != "autosave"
        )
    except TamperedPost:
        return render(request, "assessments/refused.html", status=400)
    except attempts.NoOpenAttempt:
        return redirect("result")
    except attempts.TooManySaves as refusal:
        asked = _Asked.of(versions.walk_of(refusal.attempt), number, change)
        return _save_later(request, key, asked, refusal, read(refusal.attempt))
    asked = _Asked.of(versions.walk_of(attempt), number, change)
    if action == "autosave":
        return JsonResponse(_autosave_reply(asked, saved))
    attempt.answers = saved.answers
    if saved.contested or (
        action not in ("back", "leave") and asked.questions - saved.answers.keys()
    ):
        form = SectionForm(
            asked.section, first_number=asked.first_number, attempt=attempt
        )
        form.ask_again(posted, saved.contested)
        return _section_page(request, key, attempt, asked, form=form, status=422)
    if change:
        return redirect(f"{reverse('review')}#{change}")
    if action == "leave":
        return redirect("quiz")
    if action == "back":
        return redirect("section", number - 1) if number > 1 else redirect("quiz")
    if action == "finish":
        return _finish(request, attempt)
    if number + 1 in asked.walk.numbers:
        return redirect("section", number + 1)
    gap = asked.walk.first_gap(saved.answers)
    return redirect("section", gap) if gap else redirect("review")


def _save_later(
    request: HttpRequest,
    key: str,
    asked: _Asked,
    refusal: attempts.TooManySaves,
    posted: attempts.Posted,
) -> HttpResponse:
    """The section with its choices, and when it can be saved; nothing is written."""
    response = _section_page(
        request,
        key,
        refusal.attempt,
        asked,
        stored=posted.seen,
        checked=refusal.attempt.answers | posted.chosen,
        refused=True,
        wait=minutes(refusal.seconds),
        status=429,
    )
    response["Retry-After"] = str(refusal.seconds)
    return response


@dataclass(frozen=True, slots=True)
class _Asked:
    """The section that a page asks, or one question of it where `change` names it."""

    walk: Walk
    number: int
    change: str
    section: SectionDefinition
    first_number: int

    @classmethod
    def of(cls, walk: Walk, number: int, change: str) -> _Asked:
        if number not in walk.numbers:
            raise Http404("no such section")
        if not change:
            section, first_number = walk.section(number), walk.first_question(number)
        elif walk.section_with(change) == number:
            section, first_number = walk.alone(change)
        else:
            raise Http404("no such question in this section")
        return cls(walk, number, change, section, first_number)

    @property
    def questions(self) -> set[str]:
        return {question.id for question in self.section.questions}


def _autosave_reply(asked: _Asked, saved: attempts.Saved) -> dict[str, object]:
    stored = {
        question.id: write_answer(saved.answers[question.id])
        for question in asked.section.questions
        if question.id in saved.answers
    }
    return {
        "stored": stored,
        "of": len(asked.section.questions),
        "contested": sorted(saved.contested),
    }


def _section_page(
    request: HttpRequest,
    key: str,
    attempt: Attempt,
    asked: _Asked,
    *,
    form: SectionForm | None = None,
    stored: AnswerMap | None = None,
    checked: AnswerMap | None = None,
    refused: bool = False,
    wait: int = 0,
    unsaved: Mapping[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page of a section.

    `form`: with errors. `stored`, `checked`: the answers that the page says are stored,
    and the pressed buttons, where these are not those of the attempt. `unsaved`: what
    was posted by a page that could not be saved; then nothing is read.
    """
    walk, number = asked.walk, asked.number
    stored = attempt.answers if stored is None else stored
    is_last = number == walk.numbers[-1]
    gap = None if unsaved else walk.first_gap(attempt.answers)
    facts: dict[str, object] = {
        "refused": refused,
        "wait": wait,
        "unsaved": unsaved is not None,
        "is_last": is_last,
        # An earlier section with an open question, to which the last one leads back.
        "earlier_gap": gap if is_last and gap and gap < number else None,
    }
    # A save reads none of these facts: the page that was posted has shown them. The
    # last section needs them for the words of its button.
    if request.method != "POST":
        facts["offer"] = _offer(asked, attempt)
    if not unsaved and (request.method != "POST" or is_last):
        facts |= _shared(attempt)
    template = f"assessments/{'change' if asked.change else 'section'}.html"
    key_card = _key_card(key) if attempt.answers else ""
    if form:
        context = section_context(walk, number, form) | facts | {"key_card": key_card}
        response = render(request, template, context)
    else:
        response = render_kept(
            request,
            template,
            facts,
            of=(walk.questionnaire.sha256, walk.form, number, asked.change),
            made=lambda: (
                section_context(
                    walk,
                    number,
                    HollowSectionForm(asked.section, first_number=asked.first_number),
                )
                | {"key_card": hole("key_card")}
            ),
            holes=lambda: (
                section_holes(
                    asked.section,
                    shown=unsaved["shown"] if unsaved else signed_moment(attempt),
                    drawn=unsaved[DRAWN] if unsaved else signed_drawn(attempt),
                    stored=stored,
                    checked=stored if checked is None else checked,
                    seconds=attempt.timings,
                )
                | {"key_card": str(key_card)}
            ),
        )
    response.status_code = status
    return show_progress(request, response, OPEN)


def _unsaved(request: HttpRequest, key: str, number: int) -> HttpResponse | None:
    """Answer a post that the database did not take, from what was posted alone.

    None for a page of an earlier release, which does not say what it was drawn from.
    Raises OperationalError where this process has not yet read the questionnaire.
    """
    if request.POST.get("action") == "autosave":
        return unavailable(JsonResponse({}))
    posted = request.POST.dict()
    try:
        drawn = read_drawn(posted)
        if not drawn.sha256:
            return None
        walk = Walk(versions.questionnaire_by_hash(drawn.sha256), drawn.form)
        asked = _Asked.of(walk, number, request.GET.get("change", ""))
        seen, chosen = read_answers(asked.section, posted)
    except (TamperedPost, Version.DoesNotExist):
        return unavailable(render(request, "assessments/refused.html"))
    attempt = Attempt(
        pk=drawn.attempt_id,
        form=drawn.form,
        answers=seen,
        timings=read_seconds(asked.section, posted),
    )
    return unavailable(
        _section_page(
            request, key, attempt, asked, checked=seen | chosen, unsaved=posted
        )
    )


def _shared(attempt: Attempt) -> dict[str, object]:
    """The names of the coaches who will see this attempt's result, and its hold."""
    grants = [
        grant
        for grant in grant_queries.grants_beside(attempt)
        if grant.participation.attempt_id == attempt.pk
    ]
    return {
        "shared_with": grant_queries.coaches_of(grants),
        "hold": grant_queries.hold_of_grants(grants),
    }


def _offer(asked: _Asked, attempt: Attempt) -> str | None:
    """An attempt that was made from another one offers nothing."""
    if attempt.made_from_id or asked.questions & attempt.answers.keys():
        return None
    return asked.walk.offer(asked.number, attempt.answers)


def section_after_csrf_failure(request: HttpRequest) -> HttpResponse | None:
    """Draw a section again with the posted answers and a new token.

    Returns None where the refused page was no section. Nothing is written.
    """
    match, key = request.resolver_match, key_of(request)
    if match is None or match.url_name != "section" or key is None:
        return None
    attempt = owners.open_attempt(key)
    if attempt is None:
        return None
    number, change = match.kwargs["number"], request.GET.get("change", "")
    asked = _Asked.of(versions.walk_of(attempt), number, change)
    stored: AnswerMap = attempt.answers
    checked: AnswerMap = stored
    with suppress(TamperedPost):
        # The page keeps what it was drawn with, so that the next press notices what
        # another window has saved since.
        seen, chosen = read_answers(asked.section, request.POST.dict())
        stored, checked = seen, attempt.answers | chosen
    return _section_page(
        request,
        key,
        attempt,
        asked,
        stored=stored,
        checked=checked,
        refused=True,
        status=403,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@for_owner
def review_answers(request: HttpRequest, key: str) -> HttpResponse:
    attempt = owners.open_attempt(key)
    if attempt is None:
        return _review_of_finished(request, key)
    if request.method == "POST":
        stop_early = request.POST.get("action") == "stop"
        try:
            return _finish(request, attempt, stop_early=stop_early)
        except AWAY as error:
            _log.error("An attempt was not finished: %s", error)
            return unavailable(_review_page(request, attempt, unfinished=True))
    return show_progress(request, _review_page(request, attempt), OPEN)


def _finish(
    request: HttpRequest, attempt: Attempt, *, stop_early: bool = False
) -> HttpResponse:
    """Finish, or show the answers and say what stands in the way."""
    if refusal := owner_too_often(
        request, "finish", owner=attempt.owner_id, most=MAX_FINISHES
    ):
        return refusal
    try:
        attempts.finish(attempt.owner, stop_early=stop_early)
    except attempts.NoOpenAttempt:
        pass
    except attempts.Unanswered as missing:
        return _review_page(request, attempt, unanswered=missing.questions)
    except attempts.TooFew as too_few:
        return _review_page(request, attempt, too_few=too_few.skipped)
    return show_progress(request, redirect("result"), DONE)


def _review_page(
    request: HttpRequest,
    attempt: Attempt,
    *,
    unanswered: Sequence[str] = (),
    too_few: Sequence[str] = (),
    unfinished: bool = False,
) -> HttpResponse:
    questionnaire = versions.questionnaire_of(attempt.version)
    context = {
        "attempt": attempt,
        "sections": answered_sections(questionnaire, attempt.answers, attempt.form),
        "version_language": questionnaire.language,
        "unanswered": unanswered,
        "too_few": too_few,
        "unfinished": unfinished,
    } | _shared(attempt)
    return render(
        request,
        "assessments/review.html",
        context,
        status=422 if unanswered or too_few else 200,
    )


def _review_of_finished(request: HttpRequest, key: str) -> HttpResponse:
    """The answers of the newest result, each with a link to change it."""
    result = owners.own_result(key)
    if result is None or request.method == "POST":
        return redirect("result" if result else "quiz")
    questionnaire = versions.questionnaire_of(result.version)
    context = {
        "result": result,
        "sections": answered_sections(questionnaire, result.answer_map, result.form),
        "version_language": questionnaire.language,
        "hold": grant_queries.hold_on_result(result),
    }
    return render(request, "assessments/review_finished.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def resume(request: HttpRequest) -> HttpResponse:
    """Enter an owner key. The page asks before it replaces another owner's cookie."""
    form = KeyForm(request.POST if request.method == "POST" else None)
    present = key_of(request)
    asks_to_replace = False
    if form.is_valid():
        if refusal := address_too_often(request, "resume"):
            return refusal
        key = form.cleaned_data["key"]
        if owners.owner_by_key(key) is None:
            form.add_error(
                "key",
                "We found nothing under this key. Check it for typos. Old results are "
                "also deleted after a while.",
            )
        elif (
            present in (None, key)
            or form.cleaned_data["replace"]
            or owners.owner_by_key(present or "") is None
        ):
            return _opened(key, shared_computer=form.cleaned_data["shared_computer"])
        else:
            asks_to_replace = True
    return render(
        request,
        "assessments/resume.html",
        {"form": form, "asks_to_replace": asks_to_replace},
        status=422 if form.errors else 200,
    )


def _opened(key: str, *, shared_computer: bool) -> HttpResponse:
    """What a key opens: the newest result, unless there are answers to go on with."""
    done = owners.open_attempt(key) is None and owners.own_result(key) is not None
    return set_owner_cookie(
        redirect("result" if done else "quiz"),
        key,
        shared_computer=shared_computer,
        progress=DONE if done else OPEN,
    )


@never_cache
@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Delete the cookie from this computer. The saved answers stay under the key."""
    return delete_owner_cookie(
        render(request, "assessments/left.html", {"key": spaced(key_of(request) or "")})
    )
