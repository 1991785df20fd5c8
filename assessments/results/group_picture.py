"""The picture of a group: the engine's summary of the visible results, with geometry.

The picture contains no names, so that a coach can show it to the group.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
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
from assessments.results.crowd import Crowd, crowd
from assessments.results.lean_figure import band_words, percent, toward_words
from assessments.results.report import SIDES

# People: a larger group gets thin lines, and an even larger one gets columns.
MAX_WIDE_LINES = 24
MAX_LINES = 60

# Pixels.
LINE_HEIGHT = 22
THIN_LINE_HEIGHT = 10
HEADROOM = 34  # above the first line
MAX_COLUMN_HEIGHT = 140
AXIS_HEIGHT = 38  # the axis with its numbers
TYPICAL_LINE_HEIGHT = 40  # one outcome with its words
MAX_DOT_RADIUS = 8  # the score that most people share


@dataclass(frozen=True, slots=True)
class LeanLine:
    """One result, or the typical result of the `n` people with one outcome.

    Its mark and band on the scale, and the same in words.
    """

    side: str
    outcome: Outcome
    n: int
    y: int
    mark: str
    band_x: str
    band_width: str
    lean_words: str
    band_words: str


@dataclass(frozen=True, slots=True)
class ColumnPart:
    side: str
    y: str
    height: str


@dataclass(frozen=True, slots=True)
class LeanColumn:
    """The results in one bin of the scale.

    The parts are stacked from the axis up: product, neither, project.
    """

    lean_words: str
    n: int
    counts: tuple[int, int, int]  # named for project, for neither, for product
    x: str
    middle: str
    width: str
    y: str
    blocks: tuple[ColumnPart, ...]

    @property
    def counts_words(self) -> str:
        named = zip(self.counts, (SIDES[0], "neither", SIDES[1]), strict=True)
        return ", ".join(f"{n} {side}" for n, side in named if n)


@dataclass(frozen=True, slots=True)
class Dot:
    x: str
    r: str


@dataclass(frozen=True, slots=True)
class StrengthSpread:
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
    lines: tuple[LeanLine, ...]  # from project to product; empty with columns
    thin: bool  # the lines are thin
    columns: tuple[LeanColumn, ...]
    # One line per outcome under the columns, because a column cannot show a band.
    typical: tuple[LeanLine, ...]
    height: int
    axis: int  # pixels from the top to the axis
    under: int  # pixels from the top to the end of the axis numbers
    mean: str
    mean_x: str
    deviation: int
    strengths: tuple[StrengthSpread, ...]
    strength_people: int
    crowd: Crowd


def group_picture(rows: Iterable[ClientRow]) -> GroupPicture | None:
    """The picture of the visible results in a group, or None below three people.

    The newest result of a person counts.
    """
    # Owner to the number of the newest result and its member.
    newest: dict[int, tuple[int, Member]] = {}
    # Slug of a key strength to its name and side.
    names: dict[str, tuple[str, str]] = {}
    # Hash of a version to strength name to slug, because replies store names.
    slugs: dict[str, dict[str, str]] = {}
    for row in rows:
        if (
            row.result is not None
            and row.result.number > newest.get(row.result.owner_id, (0,))[0]
        ):
            questionnaire = questionnaire_of(row.result.version)
            if questionnaire.sha256 not in slugs:
                slugs[questionnaire.sha256] = {
                    strength.name: strength.slug for strength in questionnaire.strengths
                }
                names |= _key_strengths(questionnaire)
            member = _member(
                row.result,
                row.participation.scope,
                questionnaire,
                slugs[questionnaire.sha256],
            )
            newest[row.result.owner_id] = row.result.number, member
    return picture_of_members([member for _, member in newest.values()], names)


def picture_of_members(
    members: Sequence[Member], names: Mapping[str, tuple[str, str]]
) -> GroupPicture | None:
    """The picture of these results, or None below three.

    `names`: the slug of a strength to its name and side.
    """
    summary = picture_of(members, names)
    if summary is None:
        return None
    with_lines, thin = len(members) <= MAX_LINES, len(members) > MAX_WIDE_LINES
    line_height = THIN_LINE_HEIGHT if thin else LINE_HEIGHT
    axis = (
        HEADROOM + line_height * len(members) + 6
        if with_lines
        else HEADROOM + MAX_COLUMN_HEIGHT + 20
    )
    typical = () if with_lines else tuple(_typical(summary, axis))
    return GroupPicture(
        n=len(members),
        outcomes=tuple(
            sorted(summary.outcomes, key=lambda pair: IN_SCALE_ORDER.index(pair[0]))
        ),
        lines=tuple(_lines(summary, line_height)) if with_lines else (),
        thin=thin,
        columns=() if with_lines else tuple(_columns(summary)),
        typical=typical,
        height=axis + AXIS_HEIGHT + TYPICAL_LINE_HEIGHT * len(typical),
        axis=axis,
        under=axis + AXIS_HEIGHT,
        mean=toward_words(summary.leans.shown_mean),
        mean_x=_x(summary.leans.mean),
        deviation=summary.leans.shown_deviation,
        strengths=tuple(
            _strength_spread(names[slug], spread) for slug, spread in summary.strengths
        ),
        strength_people=summary.strength_people,
        crowd=crowd(summary),
    )


def _key_strengths(questionnaire: Definition) -> dict[str, tuple[str, str]]:
    """Slug of a key strength to its name and side, in the version's order."""
    sides = {
        role.slug: side for role, side in zip(questionnaire.roles, SIDES, strict=True)
    }
    return {
        strength.slug: (strength.name, sides[strength.role])
        for strength in questionnaire.strengths
        if strength.kind == "key" and strength.role
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


def _lines(summary: Picture, line_height: int) -> Iterator[LeanLine]:
    for row, member in enumerate(summary.members):
        yield _line(
            member.outcome,
            1,
            member.lean,
            member.band_squared,
            y=HEADROOM + line_height * row + line_height // 2,
        )


def _typical(summary: Picture, axis: int) -> Iterator[LeanLine]:
    in_order = sorted(
        summary.typical, key=lambda typical: IN_SCALE_ORDER.index(typical.outcome)
    )
    for row, typical in enumerate(in_order, 1):
        yield _line(
            typical.outcome,
            typical.n,
            typical.lean,
            typical.band_squared,
            y=axis + AXIS_HEIGHT + TYPICAL_LINE_HEIGHT * row - 12,
        )


def _line(
    outcome: Outcome, n: int, lean: Fraction, band_squared: Fraction, *, y: int
) -> LeanLine:
    half = sqrt(band_squared)
    low, high = max(float(lean) - half, -100.0), min(float(lean) + half, 100.0)
    return LeanLine(
        side=_side(outcome),
        outcome=outcome,
        n=n,
        y=y,
        mark=_x(lean),
        band_x=percent(50 - high / 2),
        band_width=percent((high - low) / 2),
        lean_words=toward_words(whole(lean)),
        band_words=band_words(
            max(-whole_plus_root(-lean, band_squared), -100),
            min(whole_plus_root(lean, band_squared), 100),
        ),
    )


def _columns(summary: Picture) -> Iterator[LeanColumn]:
    tallest = max(lean_bin.n for lean_bin in summary.bins)
    ground = HEADROOM + MAX_COLUMN_HEIGHT + 20
    for lean_bin in reversed(summary.bins):
        left = max(50 - (lean_bin.center + BIN_WIDTH / 2) / 2, 0)
        right = min(50 - (lean_bin.center - BIN_WIDTH / 2) / 2, 100)
        blocks, y = [], float(ground)
        for side, n in (
            (SIDES[1], lean_bin.second),
            ("", lean_bin.neither),
            (SIDES[0], lean_bin.first),
        ):
            if n:
                height = MAX_COLUMN_HEIGHT * n / tallest
                y -= height
                blocks.append(ColumnPart(side, f"{y:.1f}", f"{height:.1f}"))
        yield LeanColumn(
            lean_words=f"around {toward_words(lean_bin.center)}"
            if lean_bin.center
            else "around the middle",
            n=lean_bin.n,
            counts=(lean_bin.first, lean_bin.neither, lean_bin.second),
            x=percent(left + 0.25),
            middle=percent((left + right) / 2),
            width=percent(right - left - 0.5),
            y=f"{y - 6:.1f}",
            blocks=tuple(blocks),
        )


def _strength_spread(name_and_side: tuple[str, str], spread: Spread) -> StrengthSpread:
    name, side = name_and_side
    max_count = max(count for _, count in spread.counts)
    return StrengthSpread(
        name=name,
        side=side,
        n=spread.n,
        mean=spread.shown_mean,
        deviation=spread.shown_deviation,
        lowest=whole(spread.lowest),
        highest=whole(spread.highest),
        mean_x=percent(spread.mean),
        dots=tuple(
            Dot(
                percent(value),
                f"{max(MAX_DOT_RADIUS * sqrt(count / max_count), 2):.1f}",
            )
            for value, count in spread.counts
        ),
    )
