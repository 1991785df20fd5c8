"""A group as a file: every client's result as far as it was agreed, which report() and shared_data() see to."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from io import StringIO

from assessments.coaching_queries import ClientRow
from assessments.models import Invitation, Participation, Result
from assessments.report import AnswerRow, report, shared_data

FORMULA = (
    "=",
    "+",
    "-",
    "@",
    "＝",
    "＋",
    "－",
    "＠",
    "\t",
    "\r",
    "\n",
)  # what a spreadsheet may run when a cell begins with it


def cell(value: object) -> str:
    """A value as a spreadsheet takes it: as text, and never as a formula."""
    text = "" if value is None else str(value)
    return (
        f"'{text}"
        if text.startswith(FORMULA) or text.lstrip().startswith(FORMULA)
        else text
    )


def as_csv(rows: Iterable[ClientRow]) -> str:
    """One line a client. Strengths and answers have a column each; what a client did not agree to is left empty."""
    lines = [_line(row.participation, row.result) for row in rows if row.result]
    columns = list(dict.fromkeys(name for line in lines for name in line))
    # Each column of strengths and answers comes after those that everybody has, in the order of the questionnaire.
    columns.sort(key=lambda name: name.startswith("Answer: "))
    file = StringIO()
    writer = csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(map(cell, columns))
    writer.writerows([cell(line.get(name)) for name in columns] for line in lines)
    return file.getvalue()


def as_json(
    invitation: Invitation, rows: Iterable[ClientRow], *, now: datetime
) -> Iterator[str]:
    """One object, in pieces: a group may be large. Each result is what a share link of the same scope gives."""
    head = {"group": invitation.label, "exported": now.date().isoformat()}
    yield json.dumps(head, ensure_ascii=False)[:-1] + ', "clients": ['
    before = "\n"
    for row in rows:
        if row.result:
            grant = row.participation
            client = {
                "name": grant.name,
                "since": grant.consented_at.date().isoformat(),
            }
            yield before + json.dumps(
                client | {"result": shared_data(row.result, grant.scope)},
                ensure_ascii=False,
            )
            before = ",\n"
    yield "\n]}\n"


def _line(grant: Participation, result: Result) -> dict[str, object]:
    found = report(result, grant.scope)
    first, second = found.roles
    line: dict[str, object] = {
        "Name": grant.name,
        "Agreed on": grant.consented_at.date().isoformat(),
        "You see": found.scope,
        "Form": result.form,
        "Version": result.version.number,
        "Finished on": result.finished_at.date().isoformat(),
        "Outcome": found.outcome.replace("_", " "),
        "Lean": found.lean_words,
        "90 % range from": found.figure.high_words if found.figure else None,
        "90 % range to": found.figure.low_words if found.figure else None,
        "How sure": found.certainty,
        f"Fit, {first.name}": first.fit,
        f"Fit, {second.name}": second.fit,
        "Give or take": first.fit_half,
    }
    if found.shows_strengths:
        line |= {
            "Doing": found.doing,
            "Wanting": found.wanting,
            "Skills both need": found.shared_skills,
        }
        line |= {
            f"Strength: {strength.name}": strength.score
            for strength in sorted(found.strengths, key=lambda each: each.name)
        }
    line |= {
        f"Answer: {_asked(row)}": row.words
        for section in found.sections
        for row in section.rows
    }
    return line


def _asked(row: AnswerRow) -> str:
    return f"A {row.left} B {row.right}" if row.right else row.left
