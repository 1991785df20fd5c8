"""A coach takes a result into the workspace that somebody sent as a share link."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from assessments.actions import result_requests as request_actions
from assessments.actions.locks import OwnerGone
from assessments.actions.share_links import NotShareable
from assessments.coaches.access import for_coach
from assessments.keys import read_link
from assessments.models import Coach
from assessments.queries import result_requests as request_queries
from assessments.queries import share_links as share_link_queries
from assessments.typed import NameField
from assessments.web import coach_too_often

MAX_TAKEN_PER_HOUR = 60  # per coach, links that do not work included
NO_RESULT = (
    "This link doesn’t open a result. Copy the whole link again, or ask for a new one."
)


class TakeForm(forms.Form):
    link = forms.CharField(
        label="The link to the result",
        max_length=500,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={
            "required": "Paste the link first.",
            "max_length": NO_RESULT,
        },
    )
    label = NameField(
        label="What is it for?",
        help_text=(
            "A few words, such as “Our conversation in May.” The person sees them, too."
        ),
        max_length=80,
        error_messages={
            "required": "Write a few words, so that the person knows what it’s for.",
            "max_length": "Use at most 80 characters.",
        },
    )


@for_coach
@require_http_methods(["GET", "HEAD", "POST"])
def take(request: HttpRequest, coach: Coach) -> HttpResponse:
    form = TakeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        if refusal := coach_too_often(
            request, "take", coach=coach, most=MAX_TAKEN_PER_HOUR
        ):
            return refusal
        if response := _ask(request, coach, form):
            return response
    return render(
        request,
        "assessments/coach/take.html",
        {"form": form, "requests": request_queries.requests_of(coach)},
        status=422 if form.errors else 200,
    )


def _ask(request: HttpRequest, coach: Coach, form: TakeForm) -> HttpResponse | None:
    token = read_link(form.cleaned_data["link"])
    link = share_link_queries.usable_link(token) if token else None
    try:
        if link is None:
            raise NotShareable
        request_actions.ask_for_result(coach, link, label=form.cleaned_data["label"])
    except (NotShareable, OwnerGone):
        form.add_error("link", NO_RESULT)
    except request_actions.Declined:
        form.add_error(
            "link", "This person already said no, so you can’t ask again now."
        )
    except request_actions.AlreadySeen as seen:
        messages.info(request, "You can see this result already.")
        return redirect("coach_client", seen.grant.pk)
    else:
        messages.success(
            request,
            "We’ve asked. The person will see it the next time they open their result.",
        )
        return redirect("coach_take")
    return None
