"""Template tags of a report: links to strengths, exact numbers, names, disclosure."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from django import template
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from assessments.defaults import default_questionnaire
from assessments.engine.rounding import plain
from assessments.engine.working import SumStep
from assessments.models import Result, Version, Wish
from assessments.queries import versions
from assessments.results.report import SIDES, AnswerRow, Report
from assessments.results.scoring_facts import (
    disclosure,
    number_in_words,
    scoring_facts,
)
from content import published
from content.published import PublishedRole

register = template.Library()

FIGURES = {
    "preference": "Choices, {role}",
    "enjoyment": "Enjoyment, {role}",
    "fit": "Fit, {role}",
    "fit_half_width": "Range of fit, {role}",
    "lean": "Lean",
    "se_squared": "Error of the lean, squared",
    "half_width": "Half the width of the 90% range",
    "z_squared": "Lean against its error (z²)",
    "doing": "Doing",
    "wanting": "Wanting",
    "shared_skills": "Skills both roles need",
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
def disclosure_of(version: Version | str, coach: bool | str = "") -> str:
    """The disclosure. A draft has no version, so nothing counts as measured.

    `coach`: whether the page is a coach's, about a client.
    """
    return disclosure(
        steadiness_measured=isinstance(version, Version)
        and version.steadiness_measured,
        of_client=bool(coach),
    )


@register.simple_tag
def time_needed() -> str:
    """How long the full form of the published version takes, in words."""
    version = versions.live_version()
    return scoring_facts(
        versions.questionnaire_of(version) if version else default_questionnaire()
    ).full.minutes


@register.simple_tag
def measured_on_people() -> bool:
    """Whether people's answers have checked the numbers of the published version."""
    version = versions.live_version()
    return version is not None and version.consistency_measured


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
    """A figure as the page prints it: toward a role, as a range, or plain."""
    if step.name in SIGNED and step.value is not None:
        shown = step.shown.lstrip("−")
        return f"{shown} {SIDES[step.value < 0]}" if shown != "0" else "0"
    if step.name == "se_squared":
        return f"root {step.shown}"
    return f"± {step.shown}" if step.name in RANGES else step.shown


def _role(side: str) -> PublishedRole | None:
    """What the site says about a role today; None before the article is loaded."""
    return next((r for r in published.current().roles if r.sign == side), None)


@register.simple_tag
def role_sentence(report: Report, side: str) -> SafeString | str:
    """What the role does, in one sentence, with a link to its page.

    The name is the one that the result was given with; the sentence and the address
    are today's.
    """
    role = _role(side)
    if role is None or not role.does:
        return ""
    name = report.role(side).name.lower()
    linked = format_html('<a href="{}">{}</a>', role.url, name) if role.url else name
    return format_html("A {} {}.", linked, role.does)


@register.simple_tag
def role_link(report: Report, side: str) -> SafeString | str:
    """A link to the page about the role; nothing where there is none."""
    role = _role(side)
    if role is None or not role.url:
        return ""
    name = report.role(side).name.lower()
    return format_html('<a href="{}">What a {} does</a>', role.url, name)


@register.simple_tag
def question_links(
    rows: Sequence[AnswerRow], owner: object, result: object
) -> SafeString:
    """Questions by number; for the owner of a result with links to the answers."""
    words = '<a href="{0}#{1}">question {2}</a>' if owner and result else "question {2}"
    review = reverse("review")
    return format_html_join(
        " and ", words, ((review, row.id, row.number) for row in rows)
    )


@register.filter
def in_words(number: int) -> str:
    """A small whole number in words."""
    return number_in_words(number)


@register.filter
def with_and(names: Sequence[str]) -> str:
    """Names as a sentence lists them: one; one and two; one, two, and three."""
    *first, last = names
    if len(first) < 2:
        return " and ".join(names)
    return f"{', '.join(first)}, and {last}"


@register.filter
def mid_sentence(statement: str) -> str:
    """A statement without its period, to be quoted inside a sentence."""
    return statement.removesuffix(".")


@register.filter
def with_period(statement: str) -> str:
    """A statement that ends its sentence: with one period, inside the quotes."""
    return statement if statement.endswith((".", "!", "?")) else f"{statement}."


@register.filter
def exact(value: Fraction | int | None) -> str:
    return "–" if value is None else plain(Fraction(value)).replace("-", "− ")


@register.filter
def toward(value: Fraction) -> str:
    """An exact signed number of points in words: 6.25 project."""
    return f"{plain(abs(value))} {SIDES[value < 0]}" if value else "0"


@register.filter
def steps_toward(value: int) -> str:
    return f"{abs(value)} {SIDES[value < 0]}" if value else "0"


@register.filter
def hoped_for(result: Result) -> str:
    """The wish of before, as in "you hoped for …"; empty where nothing was said."""
    if not result.wish:
        return ""
    roles = versions.questionnaire_of(result.version).roles
    first, second = (role.name.lower() for role in roles)
    return {
        Wish.FIRST: f"hoped for the {first} role",
        Wish.SECOND: f"hoped for the {second} role",
        Wish.EITHER: "would have been happy with either role",
        Wish.UNKNOWN: "didn’t know which role to hope for",
    }[Wish(result.wish)]
