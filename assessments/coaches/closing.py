"""A coach closes the account and is erased."""

from __future__ import annotations

from allauth.account.decorators import reauthentication_required
from django import forms
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from assessments.actions import coach_erasure
from assessments.coaches.access import for_coach
from assessments.models import Coach


class EraseForm(forms.Form):
    sure = forms.BooleanField(
        label="Yes, close my account and erase my data for good",
        error_messages={"required": "Check the box if you want to close the account."},
    )


@for_coach
@require_http_methods(["GET", "HEAD", "POST"])
def close_account(request: HttpRequest, coach: Coach) -> HttpResponse:
    """GET says what goes and what stays; POST does it."""
    form = EraseForm(request.POST if request.method == "POST" else None)
    why_not = coach_erasure.why_not_erasable(coach)
    if form.is_valid() and not why_not:
        return _erase(request, coach)
    return render(
        request,
        "assessments/coach/close_account.html",
        {"coach": coach, "form": form, "why_not": why_not},
        status=422 if form.is_bound else 200,
    )


@reauthentication_required
def _erase(request: HttpRequest, coach: Coach) -> HttpResponse:
    coach_erasure.erase_coach(
        coach,
        by=request.user,  # type: ignore[arg-type]
    )
    logout(request)
    return render(
        request,
        "assessments/coach/account_closed.html",
        {"erased_at": timezone.now()},
    )
