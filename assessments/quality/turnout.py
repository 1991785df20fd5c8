"""Tables of the study: what people hoped for, and what they chose months later."""

from __future__ import annotations

from collections import Counter

from assessments.engine import Definition
from assessments.engine.guide import MIN_LIKED
from assessments.engine.statistics import MIN_CELL, Estimate
from assessments.engine.turnout import (
    FIRST,
    LIKED,
    LIKED_WISH,
    LIKING,
    MIN_FOR_AUC,
    SECOND,
    auc_of_leans,
    auc_of_wishes,
    counted,
)
from assessments.models import Choice, Wish
from assessments.quality.cells import (
    FEW,
    Column,
    Table,
    part_cells,
    percent_cell,
    text_cell,
)


def _roles(questionnaire: Definition) -> dict[str, str]:
    first, second = (role.name for role in questionnaire.roles)
    return {FIRST: first, SECOND: second}


def wishes_table(questionnaire: Definition, wishes: Counter[str]) -> Table:
    """The wishes, those of people who said nothing under "".

    They are a part, too: else the page's number of results would tell how many they
    are.
    """
    words = {wish.value: wish.label for wish in Wish} | _roles(questionnaire)
    words[""] = "Didn’t say"
    shown = [*Wish.values, ""]
    cells = part_cells([wishes[wish] for wish in shown])
    rows = tuple(
        (text_cell(words[wish]), cell) for wish, cell in zip(shown, cells, strict=True)
    )
    return Table(
        "wishes",
        "What people hoped for",
        (Column("Hoped for"), Column("People")),
        rows if wishes.total() > wishes[""] else (),
        note="Asked before the first question. No score uses it.",
        empty="Nobody in these weeks has said what they hoped for.",
    )


def turnout_table(questionnaire: Definition, turnout: Counter[str]) -> Table:
    """What people chose, and how many of them like it.

    Where the number who chose a kind of work is hidden, so is the other one.
    """
    words = {choice.value: choice.label for choice in Choice} | _roles(questionnaire)
    words[""] = "Skipped the question"
    likings = {chosen: counted(turnout, LIKING, chosen) for chosen in words}
    people = part_cells([liking.total() for liking in likings.values()])
    rows = []
    for (chosen, liking), cell in zip(likings.items(), people, strict=True):
        like = sum(n for key, n in liking.items() if key and int(key) >= MIN_LIKED)
        liked, _ = part_cells([like, liking.total() - like])
        # A hidden number holds a text.
        hidden = not isinstance(cell.values[0], int)
        rows.append(
            (text_cell(words[chosen]), cell, text_cell(FEW) if hidden else liked)
        )
    return Table(
        "turnout",
        "What people chose, months later",
        (Column("Chose"), Column("People"), Column("Like it quite a lot or very much")),
        tuple(rows) if turnout else (),
        note="Only people who agreed to be asked, and came back by themselves.",
        empty="Nobody in these weeks has told how it turned out.",
    )


def prediction_table(turnout: Counter[str]) -> Table:
    figures: tuple[tuple[str, Estimate | None], ...] = (
        ("The lean", auc_of_leans(turnout)),
        ("The wish of before", auc_of_wishes(turnout)),
        ("The lean, of those who like the work", auc_of_leans(turnout, LIKED)),
        ("The wish, of those who like the work", auc_of_wishes(turnout, LIKED_WISH)),
    )
    return Table(
        "prediction",
        "Were we right?",
        (Column("What tells them apart"), Column("AUC", interval=True)),
        tuple((text_cell(name), percent_cell(auc)) for name, auc in figures)
        if turnout
        else (),
        note=(
            "Take two people who chose different roles. The AUC is how often the lean, "
            "or the wish, says which one chose which: 50% is chance, and our target is "
            f"75%. It needs {MIN_FOR_AUC} people who chose one of the roles, "
            f"{MIN_CELL} for each."
        ),
        empty=f"It needs {MIN_FOR_AUC} people who told what they chose.",
    )
