"""Simulated people show how often a questionnaire is right.

See docs/instrument.md section 3. Numbers are floats, because none of them is a score.
"""

from __future__ import annotations

from dataclasses import astuple, dataclass
from math import exp, sqrt
from random import Random

from .compiled import compiled_form, yardstick_of
from .parts import ENJOYMENT, TRADE_OFF, QuestionDefinition
from .questionnaire import Definition
from .scoring import lean_units
from .tally import tally

# From the text of section 3, in standard deviations of a role's pull.
PULLS_CORRELATE = 0.3
LINE_SD = 0.8
QUIRK_SD = 0.8  # stable, of one person about one statement
MOMENT_SD = 1.0  # of one reading
YES_SD = 0.6
# Calibrated: section 3 names these influences without a size. With these sizes the
# default questions give the figures of section 3.1.
# Differences of two statements at which "a bit more" and "much more" begin.
NEAR, FAR = 0.8, 2.8
# Liking at which "a little", "somewhat", "quite a lot" and "very much" begin.
ENJOYMENT_BOUNDS = (-2.72, -1.52, -0.22, 1.08)
EXTREME_SD = 0.25  # of the logarithm of how far a person stretches the scale
SIDE_SD = 0.2  # pull to one button side
MATCHING_SD = 0.15  # how unequally good statements sound, the same for everybody
IMAGE_SD = 0.3  # how strongly one person heeds how statements sound

# People who are hard to place, in standard deviations of the true lean.
NEAR_MIDDLE = (0.25, 0.75)
# True leans are rounded to this part of a pull before they are summed, so that sums are
# exact.
TRUTH_UNIT = 1_000_000

# In one sitting a quirk cannot be distinguished from a moment.
READING_SD = sqrt(QUIRK_SD**2 + MOMENT_SD**2)


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts over attentive people, merged by `+`.

    Shares are percentages, sampling errors are in percentage points.
    """

    people: int = 0
    # Twice the people on the right side if forced, because a lean of 0 is half right.
    right_twice: int = 0
    clear: int = 0
    leans: int = 0
    clear_right: int = 0
    leans_right: int = 0
    near: int = 0  # whose true lean is within NEAR_MIDDLE
    near_right_twice: int = 0
    # Sums over all people of the true lean t (in parts of TRUTH_UNIT) and of the shown
    # lean l (in units of the form).
    sum_t: int = 0
    sum_l: int = 0
    sum_tt: int = 0
    sum_ll: int = 0
    sum_tl: int = 0

    def __add__(self, other: Figures) -> Figures:
        return Figures(
            *(
                one + another
                for one, another in zip(astuple(self), astuple(other), strict=True)
            )
        )

    @property
    def right_if_forced(self) -> float:
        return percentage(self.right_twice, 2 * self.people)

    @property
    def right_near_the_middle(self) -> float:
        """How often the side is right if forced, for true leans near the middle."""
        return percentage(self.near_right_twice, 2 * self.near)

    @property
    def r_squared(self) -> float:
        """r² of true and shown lean, 0 to 1; 0 where one of them does not vary."""
        of_both = (self.people * self.sum_tt - self.sum_t**2) * (
            self.people * self.sum_ll - self.sum_l**2
        )
        return (
            (self.people * self.sum_tl - self.sum_t * self.sum_l) ** 2 / of_both
            if of_both
            else 0.0
        )

    @property
    def clear_share(self) -> float:
        return percentage(self.clear, self.people)

    @property
    def leans_share(self) -> float:
        return percentage(self.leans, self.people)

    @property
    def close_share(self) -> float:
        """The share that is neither clear nor leaning."""
        return percentage(self.people - self.clear - self.leans, self.people)

    @property
    def right_when_clear(self) -> float:
        return percentage(self.clear_right, self.clear)

    @property
    def right_when_leans(self) -> float:
        return percentage(self.leans_right, self.leans)

    @property
    def clear_but_wrong(self) -> float:
        return percentage(self.clear - self.clear_right, self.people)


def percentage(part: int, whole: int) -> float:
    """A share in per cent; 0 of nothing."""
    return 100 * part / whole if whole else 0.0


def simulate(
    questionnaire: Definition,
    *,
    form: str,
    people: int,
    seed: int,
    wording: float = 0.0,
) -> Figures:
    """Let simulated attentive people take one form, and count how often it is right.

    `wording` says how much better every product statement sounds than its project
    statement, in units of a pull (docs/instrument.md section 3.3). The slices of a long
    run need different seeds; their figures add up. Raises KeyError for a questionnaire
    whose statements name unknown strengths.
    """
    crowd = _Crowd(questionnaire, form, wording)
    random = Random(seed)  # noqa: S311
    figures, low, high = (
        [0] * 13,
        *(share_of_sd * crowd.truth_sd for share_of_sd in NEAR_MIDDLE),
    )
    for _ in range(people):
        truth, answers = crowd.person(random)
        sums = tally(crowd.plan, answers)
        scale = yardstick_of(crowd.plan, sums.n, *sums.enjoyment_counts)
        lean = lean_units(scale, sums)
        right = truth * lean > 0
        right_twice = 2 * right + (lean == 0)
        figures[0] += 1
        figures[1] += right_twice
        if abs(lean) >= scale.clear_from:
            figures[2] += 1
            figures[4] += right
        elif abs(lean) >= scale.leans_from:
            figures[3] += 1
            figures[5] += right
        if low <= abs(truth) < high:
            figures[6] += 1
            figures[7] += right_twice
        whole = round(truth * TRUTH_UNIT)
        for place, count in enumerate(
            (whole, lean, whole * whole, lean * lean, whole * lean), 8
        ):
            figures[place] += count
    return Figures(*figures)


class _Crowd:
    """What all simulated people share: the strengths, and how good statements sound."""

    def __init__(self, questionnaire: Definition, form: str, wording: float) -> None:
        self.plan = compiled_form(questionnaire, form)
        first = questionnaire.roles[0].slug
        self.signs = {
            strength.slug: 1 if strength.role == first else -1
            for strength in questionnaire.strengths
            if strength.role
        }
        self.lines_a_role = len(self.signs) / 2
        self.truth_sd = sqrt(
            2 * (1 - PULLS_CORRELATE) + 2 * LINE_SD**2 / self.lines_a_role
        )
        sound = Random(questionnaire.sha256)  # noqa: S311
        self.sound = {
            place: sound.gauss(0, MATCHING_SD)
            for question in questionnaire.questions_of("full")
            for place in question.statement_names
        }
        for question in questionnaire.questions_of("full"):
            if question.kind == TRADE_OFF:
                self.sound[question.statement_names[1]] += wording
        self.questions = questionnaire.questions_of(form)

    def person(self, random: Random) -> tuple[float, dict[str, int | None]]:
        """One person's true lean (project minus product) and answers."""
        gauss = random.gauss
        common = sqrt(PULLS_CORRELATE) * gauss(0, 1)
        own = sqrt(1 - PULLS_CORRELATE)
        pulls = {1: common + own * gauss(0, 1), -1: common + own * gauss(0, 1)}
        likes = {
            slug: pulls[sign] + LINE_SD * gauss(0, 1)
            for slug, sign in self.signs.items()
        }
        truth = (
            sum(self.signs[slug] * like for slug, like in likes.items())
            / self.lines_a_role
        )
        stretch, yes, side, image = (
            exp(EXTREME_SD * gauss(0, 1)),
            YES_SD * gauss(0, 1),
            SIDE_SD * gauss(0, 1),
            1 + abs(IMAGE_SD * gauss(0, 1)),
        )

        def felt(place: str, slug: str) -> float:
            return likes[slug] + READING_SD * gauss(0, 1) + image * self.sound[place]

        answers: dict[str, int | None] = {}
        for question in self.questions:
            if question.kind == TRADE_OFF:
                gap = felt(
                    question.statement_names[0], question.project.strength
                ) - felt(question.statement_names[1], question.product.strength)
                answers[question.id] = _trade_off(question, gap, side, stretch)
            elif question.kind == ENJOYMENT:
                liking = stretch * (
                    felt(question.id, question.statement.strength) + yes
                )
                answers[question.id] = sum(
                    liking >= bound for bound in ENJOYMENT_BOUNDS
                )
        return truth, answers


def _trade_off(
    question: QuestionDefinition, gap: float, side: float, stretch: float
) -> int:
    """The button for a preference gap, given a pull to the left side."""
    left = stretch * ((gap if question.side == "left" else -gap) + side)
    steps = (abs(left) >= NEAR) + (abs(left) >= FAR)
    return 3 - steps if left > 0 else 3 + steps
