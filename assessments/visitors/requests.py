"""A coach asks for a result that its owner sent as a link: read, agree or decline."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from assessments.actions import result_requests as request_actions
from assessments.actions.grants import Closed
from assessments.actions.share_links import NotShareable
from assessments.models import Invitation
from assessments.queries import result_requests as request_queries
from assessments.typed import NameField, isolated
from assessments.visitors.owner_cookie import for_owner
from assessments.zones import day_words


class AgreeForm(forms.Form):
    """Consent to what one coach has asked for."""

    name = NameField(
        max_length=60,
        help_text="A first name is enough. It doesn’t have to be yours.",
        widget=forms.TextInput(attrs={"autocomplete": "given-name"}),
        error_messages={"max_length": "Use a name of at most 60 characters."},
    )
    agree = forms.BooleanField()

    def __init__(self, invitation: Invitation, data: object = None) -> None:
        super().__init__(data)  # type: ignore[arg-type]
        coach = isolated(invitation.coach.name)
        name, agree = self.fields["name"], self.fields["agree"]
        name.label = f"What should {coach} call you?"
        name.error_messages["required"] = f"Enter a name that {coach} will know you by."
        agree.label = (
            f"I agree that {coach} may see my result and use it as this page describes."
        )
        agree.error_messages["required"] = (
            f"Check the box if you agree that {coach} can see this result."
        )


@require_http_methods(["GET", "HEAD", "POST"])
@for_owner
def asked(request: HttpRequest, key: str, pk: int) -> HttpResponse:
    """The terms of one request, with both answers."""
    row = request_queries.own_request(key, pk)
    if row is None:
        if request.method == "POST":  # answered already, perhaps by a double press
            return redirect("sees")
        raise Http404("no such request to this owner")
    coach = isolated(row.invitation.coach.name)
    if request.POST.get("action") == "decline":
        request_actions.decline_result(row)
        messages.success(
            request, "You said no. The share link still works until you end it."
        )
        return redirect("sees")
    form = AgreeForm(row.invitation, request.POST if request.POST else None)
    if form.is_valid():
        try:
            request_actions.agree_to_request(row, name=form.cleaned_data["name"])
        except (request_actions.RequestGone, NotShareable, Closed):
            messages.info(request, f"{coach} no longer asks for this result.")
        else:
            messages.success(
                request,
                f"{coach} can now see your result {row.result.number}, "
                f"{day_words(row.result.finished_at)}.",
            )
        return redirect("sees")
    return render(
        request,
        "assessments/asked.html",
        {"asked": row, "invitation": row.invitation, "form": form},
        status=422 if form.errors else 200,
    )
