"""The parts of a definition as frozen values (docs/instrument.md section 1).

The editable draft rows in assessments.models are called Questionnaire, Section and
Question; what a version freezes has names that end in Definition.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

FULL, SHORT = "full", "short"
FORMS = (FULL, SHORT)
TRADE_OFF, ENJOYMENT, SHARED_SKILL = "trade_off", "enjoyment", "shared"
SECTION_KINDS = (TRADE_OFF, ENJOYMENT, SHARED_SKILL)
KEY, INTEREST, SHARED = "key", "interest", "shared"
STRENGTH_KINDS = (KEY, INTEREST, SHARED)
LEFT, RIGHT = "left", "right"
BUTTON_SIDES = (LEFT, RIGHT)
SCORER = "graded-pairs-1"  # the scorer that a new version names
# Question id to the button pressed, None for "Not sure".
Answers = Mapping[str, int | None]


@dataclass(frozen=True, slots=True)
class RoleDefinition:
    slug: str
    name: str


@dataclass(frozen=True, slots=True)
class StrengthDefinition:
    """One line of the article's lists.

    `role` is a role's slug, None for a shared skill.
    """

    slug: str
    name: str
    kind: str
    role: str | None


@dataclass(frozen=True, slots=True)
class Statement:
    """What a visitor reads; `strength` is the slug of the one strength it is about."""

    strength: str
    text: str


@dataclass(frozen=True, slots=True)
class QuestionDefinition:
    """One question.

    A trade-off holds the project statement and the product statement, in this order;
    any other kind holds one statement. `side` is where the project statement of a
    trade-off stands, None for ratings.
    """

    id: str
    kind: str
    statements: tuple[Statement, ...]
    side: str | None = None

    @property
    def project(self) -> Statement:
        return self.statements[0]

    @property
    def product(self) -> Statement:
        return self.statements[-1]

    @property
    def left(self) -> Statement:
        return self.statements[0 if self.side == LEFT else -1]

    @property
    def right(self) -> Statement:
        return self.statements[-1 if self.side == LEFT else 0]

    @property
    def statement(self) -> Statement:
        """The one statement of a rating."""
        return self.statements[0]

    @property
    def buttons(self) -> tuple[int, ...]:
        """The buttons of the question, from left to right."""
        return (1, 2, 3, 4, 5) if self.kind == TRADE_OFF else (0, 1, 2, 3, 4)

    @property
    def statement_names(self) -> tuple[str, ...]:
        """The names of its statements, by which ratings and ticks know them.

        `T3.project` and `T3.product` for a trade-off, `E1` for any other question.
        """
        return (
            (f"{self.id}.project", f"{self.id}.product")
            if self.kind == TRADE_OFF
            else (self.id,)
        )


@dataclass(frozen=True, slots=True)
class SectionDefinition:
    """Questions that share one stem, one set of five labels and one screen."""

    kind: str
    stem: str
    labels: tuple[str, ...]
    in_short: bool
    questions: tuple[QuestionDefinition, ...]

    def label_of(self, button: int) -> str:
        """The words on a button: 1 to 5 for trade-offs, 0 to 4 for ratings.

        Raises IndexError for any other number.
        """
        index = button - 1 if self.kind == TRADE_OFF else button
        if index < 0:
            raise IndexError(button)
        return self.labels[index]


@dataclass(frozen=True, slots=True)
class FormConstants:
    """The limits of rules 1 and 2 (docs/instrument.md section 2.5).

    `least_…` are numbers of answers that a result needs; `careless_run` is how many
    equal buttons in a row count as careless.
    """

    least_trade_offs: int
    least_enjoyment: int
    careless_run: int


@dataclass(frozen=True, slots=True)
class Constants:
    """The scoring constants of a version (docs/instrument.md sections 2.2 to 2.5).

    Variances are in squared button steps. Floors, cut-offs and the rank gap are in
    points. Squared z has no unit.
    """

    v_trade_off: Fraction
    v_enjoyment: Fraction
    trade_off_weight: Fraction
    enjoyment_weight: Fraction
    leans_z_squared: Fraction
    clear_z_squared: Fraction
    sure_z_squared: Fraction
    stop_z_squared: Fraction
    band_z_squared: Fraction
    leans_floor: Fraction
    clear_floor: Fraction
    low_enjoyment: Fraction
    high_enjoyment: Fraction
    weak_pull: Fraction
    strong_pull: Fraction
    rank_gap: Fraction
    seconds_per_question: Fraction
    full: FormConstants
    short: FormConstants

    def of(self, form: str) -> FormConstants:
        return self.full if form == FULL else self.short


FRACTION_NAMES = tuple(
    name for name in Constants.__dataclass_fields__ if name not in FORMS
)
FORM_LIMIT_NAMES = tuple(FormConstants.__dataclass_fields__)
