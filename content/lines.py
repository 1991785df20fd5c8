"""The line formats in which editors write lists: parsed and formatted.

Each line is one entry. A group is a title with its lines under it; an empty line ends
it. A row of a comparison is "question | project manager | product manager". A step of a
workflow is "project: …", "product: …" or "team: …".
"""

from __future__ import annotations

from collections.abc import Iterable

from django.core.exceptions import ValidationError

from .document import ComparisonRow, LineGroup, WorkflowStep

ACTORS = ("project", "product", "team")


def parse_lines(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def format_lines(lines: Iterable[str]) -> str:
    return "\n".join(lines)


def parse_groups(text: str) -> tuple[LineGroup, ...]:
    """Raises ValidationError for a title with nothing under it."""
    groups = []
    for part in "\n".join(line.strip() for line in text.splitlines()).split("\n\n"):
        title, *lines = parse_lines(part) or ("",)
        if title and not lines:
            raise ValidationError(
                f"“{title}” has nothing below it. Write its lines right below it, and "
                "leave an empty line after the last one."
            )
        if title:
            groups.append(LineGroup(title, tuple(lines)))
    return tuple(groups)


def format_groups(groups: Iterable[LineGroup]) -> str:
    return "\n\n".join("\n".join((group.title, *group.lines)) for group in groups)


def parse_rows(text: str) -> tuple[ComparisonRow, ...]:
    """Raises ValidationError for a line that has not exactly three parts."""
    rows = []
    for line in parse_lines(text):
        parts = [part.strip() for part in line.split("|")]
        if len(parts) != 3 or not all(parts):
            raise ValidationError(
                f"“{line}” needs three parts with | between them: "
                "question | project manager | product manager."
            )
        rows.append(ComparisonRow(*parts))
    return tuple(rows)


def format_rows(rows: Iterable[ComparisonRow]) -> str:
    return "\n".join(f"{row.question} | {row.project} | {row.product}" for row in rows)


def parse_steps(text: str) -> tuple[WorkflowStep, ...]:
    """Raises ValidationError for a line that does not say who acts."""
    steps = []
    for line in parse_lines(text):
        actor, _, what = (part.strip() for part in line.partition(":"))
        if actor not in ACTORS or not what:
            raise ValidationError(
                f"“{line}” must start with who acts, as in “project: makes the plan”. "
                "Choose project, product, or team."
            )
        steps.append(WorkflowStep(actor, what))
    return tuple(steps)


def format_steps(steps: Iterable[WorkflowStep]) -> str:
    return "\n".join(f"{step.actor}: {step.text}" for step in steps)


def validate_groups(text: str) -> None:
    parse_groups(text)


def validate_rows(text: str) -> None:
    parse_rows(text)


def validate_steps(text: str) -> None:
    parse_steps(text)
