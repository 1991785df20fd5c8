"""A group as its coach sees it: the engine's picture of the visible results, and where to draw it. Without names, so that it
can be shown to the group."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from math import sqrt

from assessments.engine import Definition
from assessments.engine.group import BIN_WIDTH, Member, Picture, Spread, picture_of
from assessments.engine.outcomes import IN_SCALE_ORDER, Outcome
from assessments.engine.rounding import whole, whole_plus_root
from assessments.models import Result, Scope
from assessments.queries.clients import ClientRow
from assessments.queries.versions import questionnaire_of
from assessments.results.lean_figure import band_words, percent, towards_words
from assessments.results.report import SIDES

MOST_WIDE, MOST_ROWS = (
    24,
    60,
)  # people who get a wide line of their own, a thin one; more are drawn as columns
ROW, THIN_ROW, TOP = (
    22,
    10,
    34,
)  # pixels: a line, a thin one, and what stands above the first one
COLUMN_HEIGHT = 140  # pixels of the tallest column
UNDER_AXIS, TYPICAL_ROW = (
    38,
    40,
)  # pixels: the axis with its numbers, an outcome with its words
LARGEST_DOT = 8  # pixels: radius of the score that most people share


@dataclass(frozen=True, slots=True)
class Line:
    """One result, or the typical one of the `n` with one outcome: its mark and band on the scale, and the same in words."""

    side: str
    outcome: Outcome
    n: int
    y: int
    mark: str
    band_x: str
    band_width: str
    said: str
    band_words: str


@dataclass(frozen=True, slots=True)
class Block:
    side: str
    y: str
    height: str


@dataclass(frozen=True, slots=True)
class Column:
    """The results around one place on the scale, stacked from the axis up: product, neither, project."""

    said: str
    n: int
    counts: tuple[int, int, int]  # named for project, for neither, for product
    x: str
    middle: str
    width: str
    y: str
    blocks: tuple[Block, ...]

    @property
    def counts_said(self) -> str:
        named = zip(self.counts, (SIDES[0], "neither", SIDES[1]), strict=True)
        return ", ".join(f"{n} {side}" for n, side in named if n)


@dataclass(frozen=True, slots=True)
class Dot:
    x: str
    r: str


@dataclass(frozen=True, slots=True)
class StrengthLine:
    name: str
    side: str
    n: int
    mean: int
    deviation: int
    lowest: int
    highest: int
    mean_x: str
    dots: tuple[Dot, ...]


@dataclass(frozen=True, slots=True)
class GroupPicture:
    n: int
    outcomes: tuple[tuple[Outcome, int], ...]
    lines: tuple[Line, ...]  # from project to product; empty where there are columns
    thin: bool  # whether the lines are
    columns: tuple[Column, ...]
    typical: tuple[
        Line, ...
    ]  # under the columns, one for each outcome: no column can show a band
    height: int
    axis: int  # pixels from the top, as the next
    under: int  # where the numbers of the axis end
    mean: str
    mean_x: str
    deviation: int
    strengths: tuple[StrengthLine, ...]
    strength_people: int


def group_picture(rows: Iterable[ClientRow]) -> GroupPicture | None:
    """Of the people whose results are visible in a group, each by her newest one; None of fewer than three people."""
    newest: dict[
        int, tuple[int, Member]
    ] = {}  # by owner, with the number of the result
    names: dict[str, tuple[str, str]] = {}  # of key strengths, by slug: name and side
    slugs: dict[
        str, dict[str, str]
    ] = {}  # of a version: slug of each strength by its name, as replies have them
    for row in rows:
        if (
            row.result is not None
            and row.result.number > newest.get(row.result.owner_id, (0,))[0]
        ):
            questionnaire = questionnaire_of(row.result.version)
            if questionnaire.sha256 not in slugs:
                slugs[questionnaire.sha256] = {
                    each.name: each.slug for each in questionnaire.strengths
                }
                names |= _key_strengths(questionnaire)
            member = _member(
                row.result,
                row.participation.scope,
                questionnaire,
                slugs[questionnaire.sha256],
            )
            newest[row.result.owner_id] = row.result.number, member
    members = [member for _, member in newest.values()]
    found = picture_of(members, names)
    if found is None:
        return None
    each_has_a_line, thin = len(members) <= MOST_ROWS, len(members) > MOST_WIDE
    axis = (
        TOP + (THIN_ROW if thin else ROW) * len(members) + 6
        if each_has_a_line
        else TOP + COLUMN_HEIGHT + 20
    )
    typical = () if each_has_a_line else tuple(_typical(found, axis))
    return GroupPicture(
        n=len(members),
        outcomes=tuple(
            sorted(found.outcomes, key=lambda pair: IN_SCALE_ORDER.index(pair[0]))
        ),
        lines=tuple(_lines(found, THIN_ROW if thin else ROW))
        if each_has_a_line
        else (),
        thin=thin,
        columns=() if each_has_a_line else tuple(_columns(found)),
        typical=typical,
        height=axis + UNDER_AXIS + TYPICAL_ROW * len(typical),
        axis=axis,
        under=axis + UNDER_AXIS,
        mean=towards_words(found.leans.shown_mean),
        mean_x=_x(found.leans.mean),
        deviation=found.leans.shown_deviation,
        strengths=tuple(
            _strength_line(names[slug], spread) for slug, spread in found.strengths
        ),
        strength_people=found.strength_people,
    )


def _key_strengths(questionnaire: Definition) -> dict[str, tuple[str, str]]:
    """Slug to name and side, in the version's order."""
    sides = {
        role.slug: side for role, side in zip(questionnaire.roles, SIDES, strict=True)
    }
    return {
        each.slug: (each.name, sides[each.role])
        for each in questionnaire.strengths
        if each.kind == "key" and each.role
    }


def _member(
    result: Result, scope: str, questionnaire: Definition, slugs: dict[str, str]
) -> Member:
    reply = result.parsed_reply
    if reply.exact is None:
        raise ValueError(f"{result} has no scores")
    strengths = None
    if scope != Scope.SUMMARY and reply.exact.strengths is not None:
        strengths = {
            slugs[name]: score for name, score in reply.exact.strengths.items()
        }
    band = questionnaire.constants.band_z_squared * reply.exact.se_squared
    return Member(reply.outcome, reply.exact.lean, band, strengths)


def _x(lean: Fraction) -> str:
    return percent(50 - lean / 2)


def _side(outcome: Outcome) -> str:
    return "" if outcome.side is None else SIDES[outcome.side]


def _lines(found: Picture, row: int) -> Iterator[Line]:
    for place, each in enumerate(found.members):
        yield _line(
            each.outcome,
            1,
            each.lean,
            each.band_squared,
            y=TOP + row * place + row // 2,
        )


def _typical(found: Picture, axis: int) -> Iterator[Line]:
    for place, each in enumerate(
        sorted(found.typical, key=lambda each: IN_SCALE_ORDER.index(each.outcome)), 1
    ):
        yield _line(
            each.outcome,
            each.n,
            each.lean,
            each.band_squared,
            y=axis + UNDER_AXIS + TYPICAL_ROW * place - 12,
        )


def _line(
    outcome: Outcome, n: int, lean: Fraction, band_squared: Fraction, *, y: int
) -> Line:
    half = sqrt(band_squared)
    low, high = max(float(lean) - half, -100.0), min(float(lean) + half, 100.0)
    return Line(
        side=_side(outcome),
        outcome=outcome,
        n=n,
        y=y,
        mark=_x(lean),
        band_x=percent(50 - high / 2),
        band_width=percent((high - low) / 2),
        said=towards_words(whole(lean)),
        band_words=band_words(
            max(-whole_plus_root(-lean, band_squared), -100),
            min(whole_plus_root(lean, band_squared), 100),
        ),
    )


def _columns(found: Picture) -> Iterator[Column]:
    tallest = max(each.n for each in found.bins)
    ground = TOP + COLUMN_HEIGHT + 20
    for each in reversed(found.bins):
        left, right = (
            max(50 - (each.centre + BIN_WIDTH / 2) / 2, 0),
            min(50 - (each.centre - BIN_WIDTH / 2) / 2, 100),
        )
        blocks, y = [], float(ground)
        for side, n in (
            (SIDES[1], each.second),
            ("", each.neither),
            (SIDES[0], each.first),
        ):
            if n:
                height = COLUMN_HEIGHT * n / tallest
                y -= height
                blocks.append(Block(side, f"{y:.1f}", f"{height:.1f}"))
        yield Column(
            said=f"around {towards_words(each.centre)}"
            if each.centre
            else "around the middle",
            n=each.n,
            counts=(each.first, each.neither, each.second),
            x=percent(left + 0.25),
            middle=percent((left + right) / 2),
            width=percent(right - left - 0.5),
            y=f"{y - 6:.1f}",
            blocks=tuple(blocks),
        )


def _strength_line(named: tuple[str, str], spread: Spread) -> StrengthLine:
    name, side = named
    most = max(count for _, count in spread.counts)
    return StrengthLine(
        name=name,
        side=side,
        n=spread.n,
        mean=spread.shown_mean,
        deviation=spread.shown_deviation,
        lowest=whole(spread.lowest),
        highest=whole(spread.highest),
        mean_x=percent(spread.mean),
        dots=tuple(
            Dot(percent(value), f"{max(LARGEST_DOT * sqrt(count / most), 2):.1f}")
            for value, count in spread.counts
        ),
    )
