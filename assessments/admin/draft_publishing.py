"""The pages that ask before a draft is marked as ready for review, or published."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_http_methods, require_POST

from assessments.actions import versions as version_actions
from assessments.actions.draft_reviews import (
    NotMarked,
    changed_since_asked,
    mark_draft_ready,
    reviewed_fingerprint,
    take_back_mark,
)
from assessments.admin.draft_pages import DraftPages, noticed, to_draft
from assessments.admin.places import Places
from assessments.drafts.differences import differences
from assessments.engine import Finding, example_scores
from assessments.engine.rounding import whole
from assessments.models import Questionnaire
from assessments.queries import versions as version_queries
from assessments.results.lean_figure import toward_words
from content.bar import PREVIEW, PUBLISH, REVIEW, SAVE, ActionBar, saved_at_words
from content.review_requests import (
    ReviewForm,
    ReviewMail,
    mail_publishers,
    unmailed_words,
)


class DraftPublishingPages(DraftPages):
    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        safe_or_post = require_http_methods(["GET", "HEAD", "POST"])
        own = [
            path(
                "<int:pk>/publish/",
                view(safe_or_post(self.publish)),
                name="assessments_questionnaire_publish",
            ),
            path(
                "<int:pk>/review/",
                view(safe_or_post(self.review)),
                name="assessments_questionnaire_review",
            ),
            path(
                "<int:pk>/review/take-back/",
                view(require_POST(self.take_back)),
                name="assessments_questionnaire_take_back",
            ),
        ]
        return [*own, *super().get_urls()]

    def has_publish_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("assessments.publish_questionnaire")

    def publish(self, request: HttpRequest, pk: int) -> HttpResponse:
        """GET shows findings and differences to the live version. POST publishes."""
        draft = self.viewable(request, pk)
        if not self.has_publish_permission(request):
            raise PermissionDenied
        if request.method != "POST":
            checked = version_actions.review_draft(draft)
            return self._ask(request, draft, checked, checked.findings)
        try:
            version = version_actions.publish(
                draft,
                by=request.user,  # type: ignore[arg-type]
                seen=request.POST.get("seen", ""),
            )
        except version_actions.NotPublished as refusal:
            self.message_user(
                request,
                "Nothing was published. The problems below say why.",
                messages.ERROR,
            )
            checked = version_actions.review_draft(draft)
            findings = dict.fromkeys([*refusal.findings, *checked.findings])
            return self._ask(request, draft, checked, list(findings), status=422)
        self.log_change(request, draft, f"Published as version {version.number}.")
        self.message_user(
            request,
            f"Version {version.number} is live. New visitors get it from now on. "
            "Attempts in progress and finished results keep theirs.",
            messages.SUCCESS,
        )
        return HttpResponseRedirect(
            reverse("admin:assessments_version_change", args=[version.pk])
        )

    def _ask(
        self,
        request: HttpRequest,
        draft: Questionnaire,
        checked: version_actions.DraftReview,
        findings: list[Finding],
        status: int = 200,
    ) -> HttpResponse:
        readable = checked.questionnaire
        context = self.page_context(request, draft, f"Publish “{draft}”")
        context |= _what_changes(draft, checked, findings)
        context |= review_mark(request, draft, checked)
        context |= {
            "examples": [
                (
                    example,
                    "" if example.lean is None else toward_words(whole(example.lean)),
                )
                for example in (
                    example_scores(readable)
                    if readable and not checked.blocking
                    else ()
                )
            ],
            "seen": readable.sha256 if readable else "",
        }
        return TemplateResponse(
            request,
            "admin/assessments/questionnaire/publish.html",
            context,
            status=status,
        )

    def review(self, request: HttpRequest, pk: int) -> HttpResponse:
        """GET shows what changes and asks for a comment; POST marks the draft ready."""
        draft = self.viewable(request, pk)
        if not self.has_change_permission(request, draft):
            raise PermissionDenied
        if request.method != "POST":
            return self._ask_for_comment(request, draft, ReviewForm())
        form = ReviewForm(request.POST)
        if not form.is_valid():
            return self._ask_for_comment(request, draft, form, status=422)
        comment, by = form.cleaned_data["comment"], cast(User, request.user)
        try:
            checked = mark_draft_ready(
                draft, comment=comment, by=by, seen=request.POST.get("seen", "")
            )
        except NotMarked as refusal:
            self.message_user(request, str(refusal), messages.ERROR)
            draft = self.viewable(request, pk)
            return self._ask_for_comment(request, draft, form, status=422)
        self.message_user(
            request,
            "The draft is marked as ready for review. If you change it, mark it again.",
            messages.SUCCESS,
        )
        where = reverse("admin:assessments_questionnaire_publish", args=[pk])
        mail = ReviewMail(
            "the questionnaire draft",
            str(draft),
            where,
            comment,
            by,
            blocked=bool(checked.blocking),
        )
        if refused := mail_publishers(Questionnaire, mail):
            self.message_user(request, unmailed_words(refused), messages.WARNING)
        return to_draft(pk)

    def _ask_for_comment(
        self,
        request: HttpRequest,
        draft: Questionnaire,
        form: ReviewForm,
        status: int = 200,
    ) -> HttpResponse:
        checked = version_actions.review_draft(draft)
        frozen = checked.questionnaire
        context = self.page_context(request, draft, f"Ask for a review of “{draft}”")
        context |= _what_changes(draft, checked, checked.findings)
        context |= {
            "form": form,
            "nothing": version_actions.is_live(
                draft, frozen.sha256 if frozen else None, context["live"]
            ),
            "seen": reviewed_fingerprint(draft, checked.rows),
        }
        return TemplateResponse(
            request,
            "admin/assessments/questionnaire/review.html",
            context,
            status=status,
        )

    def take_back(self, request: HttpRequest, pk: int) -> HttpResponse:
        draft = self.viewable(request, pk)
        if not may_take_back(request):
            raise PermissionDenied
        if take_back_mark(draft, by=cast(User, request.user)):
            message = "The draft is no longer marked as ready for review."
            self.message_user(request, message, messages.SUCCESS)
        else:
            message = "The draft isn’t marked as ready for review, so nothing changed."
            self.message_user(request, message, messages.INFO)
        return to_draft(pk)


def draft_bar(
    request: HttpRequest, draft: Questionnaire, checked: version_actions.DraftReview
) -> ActionBar:
    """The bar at the foot of a draft and of each of its sections."""
    live = version_queries.newest_version()
    state = "Ready for review" if hasattr(draft, "review_request") else "Draft"
    if changed_since_asked(draft, checked.rows):
        state += ", changed since then"
    seen = f"Visitors get version {live.number}." if live else ""
    buttons = [(SAVE, "Save")]
    if checked.rows:
        buttons.append((PREVIEW, "Try it"))
    if request.user.has_perm("assessments.publish_questionnaire"):
        words = "See what to fix" if checked.blocking else "Publish…"
        buttons.append((PUBLISH, words))
    else:
        buttons.append((REVIEW, "Ready for review…"))
    # A form that comes back with what was posted hasn't been saved.
    refused = request.method == "POST"
    saved = "" if refused else saved_at_words(draft.changed_at)
    return ActionBar(saved, f"{state}. {seen}".strip(), tuple(buttons))


def to_where_a_button_leads(pk: int, button: str) -> HttpResponseRedirect:
    """The page that a button in this draft's bar leads to, once the form is saved."""
    name = {PUBLISH: "publish", REVIEW: "review", PREVIEW: "preview"}[button]
    return HttpResponseRedirect(
        reverse(f"admin:assessments_questionnaire_{name}", args=[pk])
    )


def may_take_back(request: HttpRequest) -> bool:
    """Whether a person may end the mark of a draft: an editor or a publisher."""
    return any(
        request.user.has_perm(f"assessments.{act}_questionnaire")
        for act in ("change", "publish")
    )


def review_mark(
    request: HttpRequest, draft: Questionnaire, checked: version_actions.DraftReview
) -> dict[str, Any]:
    """What a page says about the mark of a draft, if it has one."""
    take_back = reverse("admin:assessments_questionnaire_take_back", args=[draft.pk])
    return {
        "review_request": getattr(draft, "review_request", None),
        "changed_since": changed_since_asked(draft, checked.rows),
        "take_back": take_back if may_take_back(request) else "",
    }


def _what_changes(
    draft: Questionnaire,
    checked: version_actions.DraftReview,
    findings: list[Finding],
) -> dict[str, Any]:
    """The findings about a draft, and how it differs from what visitors get."""
    places = Places(draft, checked.rows, checked.lines)
    live, readable = version_queries.newest_version(), checked.questionnaire
    changed = (
        differences(version_queries.questionnaire_of(live) if live else None, readable)
        if readable
        else []
    )
    return noticed(places, findings) | {
        "live": live,
        "readable": readable is not None,
        "differences": [
            (places.of(difference.place), difference) for difference in changed
        ],
        "newly_measured": bool(readable)
        and version_actions.newly_measured(draft, live),
    }
