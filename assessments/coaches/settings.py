"""What a coach chooses for the whole workspace."""

from __future__ import annotations

import re
from functools import cache
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.conf import settings as site_settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from assessments.actions import coaches
from assessments.coaches.access import for_coach
from assessments.models import Coach
from assessments.typed import NameField
from content.seen import SeenForm

CONTINENTS = re.compile(
    "(Africa|America|Antarctica|Asia|Atlantic|Australia|Europe|Indian|Pacific)/"
)


@cache
def time_zones() -> list[tuple[str, str]]:
    """The zones of places, by name, such as Europe/Berlin."""
    zones = sorted(zone for zone in available_timezones() if CONTINENTS.match(zone))
    return [(zone, zone.replace("_", " ")) for zone in ["UTC", *zones]]


class SettingsForm(SeenForm):
    contact = NameField(
        label="Contact line",
        help_text=(
            "Appears with your name at the bottom of what you print for a client. "
            "For example, a phone number or a website."
        ),
        required=False,
        max_length=120,
        error_messages={"max_length": "Use at most 120 characters."},
    )
    time_zone = forms.ChoiceField(
        label="Time zone",
        help_text="Used for the dates and times you set and see.",
        required=False,
        error_messages={"invalid_choice": "Choose a time zone from the list."},
    )
    finish_mail = forms.ChoiceField(
        label="When should we email you about clients who finished?",
        help_text="The email has names and links, and nothing about results.",
        choices=[
            (Coach.FinishMail.OFF, "Never"),
            (Coach.FinishMail.IMMEDIATE, "Within minutes, each time a client finishes"),
            (Coach.FinishMail.DAILY, "Once a day"),
        ],
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choose when you want email.",
            "invalid_choice": "Choose when you want email.",
        },
    )
    changed_by = "you, in another window"

    @classmethod
    def of(cls, coach: Coach, data: Any = None) -> SettingsForm:
        form = cls(
            data,
            initial={
                "contact": coach.contact,
                "time_zone": coach.time_zone,
                "finish_mail": coach.finish_mail,
            },
        )
        zones: Any = form.fields["time_zone"]
        zones.choices = [
            ("", f"Same as the site ({site_settings.TIME_ZONE})"),
            *time_zones(),
        ]
        if not site_settings.MAIL_GOES_OUT:
            del form.fields["finish_mail"]
        return form


@for_coach
@require_http_methods(["GET", "HEAD", "POST"])
def change_settings(request: HttpRequest, coach: Coach) -> HttpResponse:
    return save_settings(request, coach)


def save_settings(request: HttpRequest, coach: Coach) -> HttpResponse:
    form = SettingsForm.of(coach, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data
        try:
            coaches.change_settings(
                coach,
                contact=chosen["contact"],
                time_zone=chosen["time_zone"],
                finish_mail=chosen.get("finish_mail", coach.finish_mail),
            )
        except coaches.SettingsChanged:  # just now: compare again
            coach.refresh_from_db()
            return save_settings(request, coach)
        messages.success(request, "Your settings are saved.")
        return redirect("coach_settings")
    return render(
        request,
        "assessments/coach/settings.html",
        {"coach": coach, "form": form},
        status=422 if form.errors else 200,
    )
