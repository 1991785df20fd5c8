"""Template tags of a report: links to strengths, exact numbers, names, disclosure."""

from __future__ import annotations

from fractions import Fraction

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from assessments.defaults import default_questionnaire
from assessments.engine.rounding import plain
from assessments.engine.working import SumStep
from assessments.models import Version
from assessments.queries import versions
from assessments.results.report import SIDES, AnswerRow, Report
from assessments.results.scoring_facts import disclosure, scoring_facts
from content import published

register = template.Library()

FIGURES = {
    "preference": "Trade-offs, {role}",
    "enjoyment": "Enjoyment, {role}",
    "fit": "Fit, {role}",
    "fit_half_width": "Range of fit, {role}",
    "lean": "Lean",
    "se_squared": "Error of the lean, squared",
    "half_width": "Half-width of the 90 % band",
    "z_squared": "Lean against its error (z²)",
    "doing": "Doing",
    "wanting": "Wanting",
    "shared_skills": "Skills both need",
}
SIGNED = ("lean", "doing", "wanting")
RANGES = ("fit_half_width", "half_width")


@register.simple_tag
def strength_link(slug: str, name: str) -> SafeString | str:
    """The frozen name of a strength, linked to the article where it explains it."""
    strength = published.current().strengths.get(slug)
    return (
        format_html('<a href="{}">{}</a>', strength.url, name)
        if strength and strength.url
        else name
    )


@register.simple_tag(name="disclosure")
def disclosure_of(version: Version | str) -> str:
    """The disclosure. A draft has no version, so nothing counts as measured."""
    return disclosure(
        measured=isinstance(version, Version) and version.constants_measured
    )


@register.simple_tag
def time_needed() -> str:
    """How long the full form of the published version takes, in words."""
    version = versions.live_version()
    return scoring_facts(
        versions.questionnaire_of(version) if version else default_questionnaire()
    ).full.minutes


@register.simple_tag
def answer_row(report: Report, question: str) -> AnswerRow:
    return report.row(question)


@register.simple_tag
def step_name(step: SumStep) -> str:
    return FIGURES[step.name].format(
        role=SIDES[step.role] if step.role is not None else ""
    )


@register.simple_tag
def step_shown(step: SumStep) -> str:
    """A figure as the page prints it: towards a role, as a range, or plain."""
    if step.name in SIGNED and step.value is not None:
        shown = step.shown.lstrip("−")
        return f"{shown} {SIDES[step.value < 0]}" if shown != "0" else "0"
    if step.name == "se_squared":
        return f"root {step.shown}"
    return f"± {step.shown}" if step.name in RANGES else step.shown


@register.filter
def exact(value: Fraction | int | None) -> str:
    return "–" if value is None else plain(Fraction(value)).replace("-", "− ")


@register.filter
def towards(value: Fraction) -> str:
    """An exact signed number of points in words: 6.25 project."""
    return f"{plain(abs(value))} {SIDES[value < 0]}" if value else "0"


@register.filter
def steps_towards(value: int) -> str:
    return f"{abs(value)} {SIDES[value < 0]}" if value else "0"
