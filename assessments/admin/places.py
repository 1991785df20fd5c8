"""Where a finding is: in words for an editor, and as the admin address that mends it."""

from __future__ import annotations

import re

from django.urls import reverse

from assessments.models import Questionnaire, Section

QUESTION = re.compile(r"^([A-Z][0-9]{1,3})(?:\.(project|product))?$")
SECTION = re.compile(r"^sections\[([0-9]+)\](?:\.questions\[([0-9]+)\])?")
FORM_PLACE = re.compile(r"^(full|short)\.(\w+)$")


def words_of(place: str) -> str:
    """“Question T3, project statement”, “Section 2”, “Constants: clear floor”, …"""
    if match := QUESTION.match(place):
        return f"Question {match[1]}" + (f", {match[2]} statement" if match[2] else "")
    if match := SECTION.match(place):
        return f"Section {int(match[1]) + 1}" + (f", question {int(match[2]) + 1}" if match[2] else "")
    if match := FORM_PLACE.match(place):
        return f"{match[1].capitalize()} form: {match[2].replace('_', ' ')}"
    head, _, tail = place.partition(".")
    return f"{head.capitalize()}: {tail.replace('_', ' ').replace('-', ' ')}" if tail else place.replace("_", " ").capitalize()


def link_of(draft: Questionnaire, sections: list[Section], strengths: dict[str, int], place: str) -> str:
    """The admin page where the place is edited; nothing where there is none."""
    if match := QUESTION.match(place):
        section = next((each for each in sections if any(question.code == match[1] for question in each.questions.all())), None)
        return reverse("admin:assessments_section_change", args=[section.pk]) if section else ""
    if match := SECTION.match(place):
        number = int(match[1])
        return reverse("admin:assessments_section_change", args=[sections[number].pk]) if number < len(sections) else ""
    if place.startswith("strengths."):
        strength = strengths.get(place.removeprefix("strengths."))
        return reverse("admin:content_strength_change", args=[strength]) if strength else ""
    if place.startswith("constants."):
        return reverse("admin:assessments_questionnaire_change", args=[draft.pk])
    return ""
