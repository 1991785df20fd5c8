"""A coach's group as files: everybody with a status, and what they agreed to show."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from io import StringIO

from django.utils import timezone

from assessments.csv_cells import cell
from assessments.models import Invitation, NextStep, Participation, PersonalLink, Result
from assessments.queries.clients import ClientRow
from assessments.queries.people import NamesakeNumbers, PersonStage
from assessments.results.report import AnswerRow, report, shared_data

_Value = str | int | None


def as_csv(
    rows: Iterable[ClientRow],
    invited: Iterable[PersonalLink],
    numbers: NamesakeNumbers,
    *,
    notes: bool,
    delimiter: str = ",",
) -> str:
    """One line per grant, and one per person invited by name who has not joined.

    Namesakes have a number after the name, as on pages. `notes`: with the coach's
    private notes and next steps. Numbers that have a side are positive for the second
    role (product). A cell is empty where the client did not agree to show the value.
    """
    lines = [_line(row, numbers, notes=notes) for row in rows]
    lines += [
        {"Name": _name(link, numbers, link.client.name), "Status": PersonStage.INVITED}
        for link in invited
    ]
    columns = list(dict.fromkeys(name for line in lines for name in line))
    # Questions come last. A stable sort keeps the order of the questionnaire.
    columns.sort(key=lambda name: name.startswith(QUESTION))
    file = StringIO()
    writer = csv.writer(
        file,
        delimiter=delimiter,
        quoting=csv.QUOTE_NONNUMERIC,
        lineterminator="\r\n",
    )
    writer.writerow(map(cell, columns))
    writer.writerows([_cell(line.get(name)) for name in columns] for line in lines)
    return file.getvalue()


def as_json(
    invitation: Invitation,
    rows: Iterable[ClientRow],
    invited: Iterable[PersonalLink],
    numbers: NamesakeNumbers,
    *,
    notes: bool,
    now: datetime,
) -> Iterator[str]:
    """One JSON object, in pieces because a group may be large.

    The `result` of a client equals the JSON of a share link at the same scope, with
    the day where the coach is.
    """
    head = {"group": invitation.label, "exported": _day(now)}
    yield json.dumps(head, ensure_ascii=False)[:-1] + ', "clients": ['
    before = "\n"
    for client in _clients(rows, invited, numbers, notes=notes):
        yield before + json.dumps(client, ensure_ascii=False)
        before = ",\n"
    yield "\n]}\n"


def _clients(
    rows: Iterable[ClientRow],
    invited: Iterable[PersonalLink],
    numbers: NamesakeNumbers,
    *,
    notes: bool,
) -> Iterator[dict[str, object]]:
    for row in rows:
        grant = row.participation
        client: dict[str, object] = {
            "name": _name(grant, numbers, grant.name),
            "status": row.stage,
            "since": _day(grant.consented_at),
        }
        if row.result:
            client["result"] = shared_data(row.result, grant.scope)
        if notes:
            client["notes"] = grant.notes
            client["steps"] = [
                {
                    "text": step.text,
                    "due": step.due_on.isoformat() if step.due_on else None,
                    "done": _day(step.done_at) if step.done_at else None,
                }
                for step in grant.steps.all()
            ]
        yield client
    for link in invited:
        yield {
            "name": _name(link, numbers, link.client.name),
            "status": PersonStage.INVITED,
        }


def _name(of: Participation | PersonalLink, numbers: NamesakeNumbers, name: str) -> str:
    """With the number, and without the invisible characters of `numbered`."""
    number = numbers[of.client_id, name]
    return f"{name} ({number})" if number else name


QUESTION = "Question "


def _cell(value: _Value) -> _Value:
    """Numbers stay numbers; no text is run as a formula."""
    return value if isinstance(value, int) else cell(value)


def _line(
    row: ClientRow, numbers: NamesakeNumbers, *, notes: bool
) -> dict[str, _Value]:
    grant = row.participation
    line: dict[str, _Value] = {
        "Name": _name(grant, numbers, grant.name),
        "Status": row.stage,
        "Agreed on": _day(grant.consented_at),
    }
    if row.result:
        line |= _figures(grant, row.result)
    if notes:
        line["Your notes"] = grant.notes
        line["Next steps"] = "; ".join(map(_step, grant.steps.all()))
    return line


def _figures(grant: Participation, result: Result) -> dict[str, _Value]:
    facts = report(result, grant.scope)
    first, second = facts.roles
    figure, shown = facts.figure, result.parsed_reply.shown
    if figure is None or shown is None:
        raise ValueError(f"{result} has no scores")
    low, high = shown.band_90
    line: dict[str, _Value] = {
        "You see": facts.scope,
        "Form": result.form,
        "Version": result.version.number,
        "Finished on": _day(result.finished_at),
        "Outcome": facts.outcome.replace("_", " "),
        "Lean": facts.lean_words,
        "Lean, product +": -shown.lean,
        "90% range from": figure.high_words,
        "90% range from, product +": -high,
        "90% range to": figure.low_words,
        "90% range to, product +": -low,
        "How sure": facts.certainty,
        f"Fit, {first.name}": first.fit,
        f"Fit, {second.name}": second.fit,
        "Give or take": first.fit_half,
    }
    if facts.shows_strengths:
        line |= {
            "Doing": facts.doing,
            "Doing, product +": _turned(shown.doing),
            "Wanting": facts.wanting,
            "Wanting, product +": _turned(shown.wanting),
            "Skills both need": facts.shared_skills,
        }
        line |= {
            f"Strength: {strength.name}": strength.score
            for strength in sorted(facts.strengths, key=lambda row: row.name)
        }
    if facts.working:
        steps = {line.id: _turned(line.step) for line in facts.working.trade_offs}
        for section in facts.sections:
            for answer in section.rows:
                line |= _answer(answer, steps, result.answer_map)
    return line


def _answer(
    row: AnswerRow,
    steps: Mapping[str, int | None],
    buttons: Mapping[str, int | None],
) -> dict[str, _Value]:
    """One answer in words and as a number.

    The number is the steps of a trade-off (-2 to 2) or the button of a rating (0 to 4).
    """
    words = f"{QUESTION}{row.id}: {_question_text(row)}"
    if row.id in steps:
        return {words: row.words, f"{QUESTION}{row.id}, product +": steps[row.id]}
    return {words: row.words, f"{QUESTION}{row.id}, 0 to 4": buttons.get(row.id)}


def _question_text(row: AnswerRow) -> str:
    return f"A {row.left} B {row.right}" if row.right else row.left


def _step(step: NextStep) -> str:
    due = f", due {step.due_on.isoformat()}" if step.due_on else ""
    done = f", done {_day(step.done_at)}" if step.done_at else ""
    return f"{step.text}{due}{done}"


def _turned(points: int | None) -> int | None:
    """The engine counts toward the first role, files toward the second."""
    return None if points is None else -points


def _day(moment: datetime) -> str:
    """In the time zone of the request."""
    return timezone.localtime(moment).date().isoformat()
