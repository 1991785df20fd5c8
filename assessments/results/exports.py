"""Results as files: a coach's group, and everything about one owner."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from io import StringIO

from assessments.csv_cells import cell
from assessments.models import Attempt, Invitation, Owner, Participation, Result
from assessments.queries.clients import ClientRow
from assessments.queries.grants import Grant, grants_of
from assessments.queries.share_links import own_share_links
from assessments.results.report import AnswerRow, report, shared_data


def everything_of(owner: Owner) -> dict[str, object]:
    """All that is stored about an owner, as plain JSON values, with the questions that the answers are to."""
    attempts = (
        Attempt.objects.filter(owner=owner).select_related("version").order_by("pk")
    )
    results = (
        Result.objects.filter(owner=owner).select_related("version").order_by("number")
    )
    used = {row.version for row in attempts} | {row.version for row in results}
    return {
        "attempts": [
            {
                "version": attempt.version.sha256,
                "form": attempt.form,
                "answers": attempt.answers,
                "seconds": attempt.seconds,
                "seconds_per_question": attempt.timings,
                "device": attempt.device,
                "language": attempt.language,
                "arrival": attempt.arrival,
                "started": attempt.started_at.isoformat(),
                "changed": attempt.changed_at.isoformat(),
                "finished": attempt.finished_at.isoformat()
                if attempt.finished_at
                else None,
            }
            for attempt in attempts
        ],
        "results": [
            {
                "number": result.number,
                "answers": result.answer_map,
                "seconds": result.seconds,
                "reply": result.parsed_reply.data,
                "finished": result.finished_at.isoformat(),
                "kept_until": result.expires_at.isoformat(),
            }
            for result in results
        ],
        "share_links": [
            {
                "result": link.result.number,
                "label": link.label,
                "scope": link.scope,
                "made_by": link.made_by,
                "made": link.created_at.isoformat(),
                "ends": link.expires_at.isoformat(),
                "revoked": link.revoked_at.isoformat() if link.revoked_at else None,
            }
            for link in own_share_links(owner)
        ],
        "participations": [_grant_as_json(grant) for grant in grants_of(owner)],
        "questionnaires": {
            version.sha256: json.loads(version.definition) for version in used
        },
    }


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


def _grant_as_json(grant: Grant) -> dict[str, object]:
    """For the download. Of the coach's notes it says only whether there are any."""
    given = grant.participation
    return {
        "coach": given.invitation.coach.name,
        "label": given.invitation.label,
        "result": grant.result.number if grant.result else None,
        "scope": given.scope,
        "onward": given.onward,
        "since": given.consented_at.isoformat(),
        "name": given.name,
        "held_until": given.held_until.isoformat() if given.held_until else None,
        "opened_early": given.opened_early_at.isoformat()
        if given.opened_early_at
        else None,
        "links": grant.links,
        "steps": [
            {
                "text": step.text,
                "done": step.done_at.isoformat() if step.done_at else None,
            }
            for step in grant.steps
        ],
        "coach_has_private_notes": bool(given.notes),
    }
