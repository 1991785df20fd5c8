"""How a draft's questions cover the lines of the article, with gaps and doubles."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from assessments.engine.parts import (
    ENJOYMENT,
    FORMS,
    FULL,
    KEY,
    LEFT,
    RIGHT,
    SHARED,
    SHARED_SKILL,
    SHORT,
    TRADE_OFF,
)
from assessments.models import Question, Section
from content.models import Strength

LINE_KINDS = Strength.Kind.values


@dataclass(frozen=True, slots=True)
class Use:
    """One statement about a line.

    `section` is the pk of the section, `number` the place in it from 0. In a trade-off,
    `side` says where the statement stands and `against` which line it meets.
    """

    code: str
    kind: str
    section: int
    number: int
    in_short: bool
    side: str = ""
    against: Strength | None = None


@dataclass(slots=True)
class Coverage:
    """One line with the statements about it.

    `gaps` and `doubles` are sentences for an editor, without a period.
    """

    line: Strength
    uses: list[Use] = field(default_factory=list)
    gaps: list[str] = field(default_factory=list)
    doubles: list[str] = field(default_factory=list)

    def of(self, kind: str, form: str = FULL) -> list[Use]:
        return [
            use
            for use in self.uses
            if use.kind == kind and (form == FULL or use.in_short)
        ]

    @property
    def trade_offs(self) -> list[Use]:
        return self.of(TRADE_OFF)

    @property
    def enjoyment(self) -> list[Use]:
        return self.of(ENJOYMENT)

    @property
    def shared(self) -> list[Use]:
        return self.of(SHARED_SKILL)


def coverage(sections: Iterable[Section], lines: Iterable[Strength]) -> list[Coverage]:
    """The coverage of every line by role and kind, without unused retired lines.

    It reads the rows, so that it also serves a draft that is no valid questionnaire.
    """
    by_slug = {line.slug: Coverage(line) for line in lines}
    for section in sections:
        for number, row in enumerate(section.questions.all()):
            for line, use in _uses(section, number, row):
                by_slug[line.slug].uses.append(use)
    rows = [row for row in by_slug.values() if row.uses or not row.line.retired]
    rows.sort(
        key=lambda row: (
            row.line.role.position if row.line.role else 3,
            LINE_KINDS.index(row.line.kind),
            row.line.position,
        )
    )
    for kind in LINE_KINDS:
        _judge([row for row in rows if row.line.kind == kind], kind)
    return rows


def _uses(
    section: Section, number: int, row: Question
) -> Iterator[tuple[Strength, Use]]:
    def use(side: str = "", against: Strength | None = None) -> Use:
        return Use(
            row.code, section.kind, section.pk, number, section.in_short, side, against
        )

    if section.kind == Section.Kind.TRADE_OFF and row.other_strength:
        yield row.strength, use(row.side, row.other_strength)
        yield (
            row.other_strength,
            use({LEFT: RIGHT, RIGHT: LEFT}.get(row.side, ""), row.strength),
        )
    else:
        yield row.strength, use()


def _judge(rows: Sequence[Coverage], kind: str) -> None:
    """Check rules P2 to P4, P6 and P7 (docs/instrument.md section 1.4) line by line."""
    for row in rows:
        if row.line.retired:
            row.doubles.append("retired from the article, but still in use")
        if kind == SHARED:
            _compare(row, len(row.shared), 1, "shared-skill question")
            _compare(
                row,
                len(row.of(SHARED_SKILL, SHORT)),
                0,
                "shared-skill question",
                " in the short form",
            )
            continue
        for form in FORMS:
            _compare(
                row,
                len(row.of(TRADE_OFF, form)),
                _usual(rows, form),
                "trade-off",
                f" in the {form} form",
            )
        _compare(row, len(row.enjoyment), int(kind == KEY), "enjoyment question")
        sides = Counter(use.side for use in row.trade_offs)
        if kind == KEY and sides[LEFT] != sides[RIGHT]:
            row.gaps.append(f"{sides[LEFT]} on the left, {sides[RIGHT]} on the right")
        for other, times in Counter(
            use.against.name for use in row.trade_offs if use.against
        ).items():
            if times > 1:
                row.doubles.append(f"paired with “{other}” {times} times")


def _usual(rows: Sequence[Coverage], form: str) -> int:
    """The number of trade-offs that most lines of one kind have, at least 1."""
    return max(
        Counter(len(row.of(TRADE_OFF, form)) for row in rows).most_common(1)[0][0], 1
    )


def _compare(
    row: Coverage, count: int, expected: int, what: str, where: str = ""
) -> None:
    if count < expected:
        row.gaps.append(f"{count or 'no'} {what}{where}; there should be {expected}")
    elif count > expected:
        row.doubles.append(
            f"{count} {what}{'s' * (count > 1)}{where}; there should be "
            f"{expected or 'none'}"
        )
