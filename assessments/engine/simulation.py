"""Simulated people show how often a questionnaire is right.

See docs/instrument.md section 3. Numbers are floats, because none of them is a score.
"""

from __future__ import annotations

from bisect import bisect
from collections import Counter
from dataclasses import astuple, dataclass
from functools import lru_cache
from math import exp, sqrt
from random import Random
from statistics import fmean

from .compiled import compiled_form, yardstick_of
from .outcomes import Outcome
from .parts import ENJOYMENT, LEFT, TRADE_OFF, QuestionDefinition
from .questionnaire import Definition
from .scorers import score

# Differences of two statements at which "a bit more" and "much more" begin, calibrated
# (docs/decisions/0007-simulated-people.md).
NEAR, FAR = 0.8, 2.8
PAIR_BOUNDS = (-FAR, -NEAR, NEAR, FAR)
# Liking at which "a little", "somewhat", "quite a lot" and "very much" begin.
ENJOYMENT_BOUNDS = (-2.72, -1.52, -0.22, 1.08)

# True leans, in standard deviations of the true lean: up to the first a person is
# balanced, from there to the second near the middle.
BALANCED, NEAR_MIDDLE = 0.25, 0.75
# True leans are rounded to this part of a pull before they are summed, so that sums are
# exact.
TRUTH_UNIT = 1_000_000


@dataclass(frozen=True, slots=True)
class Conditions:
    """How people answer.

    The defaults are the base model of docs/instrument.md section 3. Sizes are in
    standard deviations of the pull of one role.
    """

    pulls_correlate: float = 0.3
    line_sd: float = 0.8  # of one person's liking of one line of the article
    # Of one reading of one statement: a stable quirk of .8 and a moment of 1.0. In one
    # sitting the two cannot be told apart.
    reading_sd: float = sqrt(0.8**2 + 1.0**2)
    sitting_sd: float = 0.0  # an error that all trade-offs of one sitting share
    yes_sd: float = 0.6  # yes-saying, in enjoyment answers
    extreme_sd: float = 0.25  # of the logarithm of how far a person stretches the scale
    stretch: float = 0.0  # the mean of that logarithm
    side_sd: float = 0.2  # pull to one button side
    matching_sd: float = (
        0.15  # how unequally good statements sound, alike for everybody
    )
    image_sd: float = 0.3  # how strongly one person heeds how statements sound
    wording: float = 0.0  # how much better product statements of trade-offs sound
    wish: float = 0.0  # how much people raise everything that is product
    slips: float = 0.0  # the share of answers that are a random button
    random_from: int | None = None  # the question, from 0, where all become random


BASE = Conditions()


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts over simulated people, merged by `+`.

    Shares are percentages, sampling errors are in percentage points.
    """

    people: int = 0
    # Twice the people on the right side if forced, because a lean of 0 is half right.
    right_twice: int = 0
    clear: int = 0
    leans: int = 0
    both: int = 0
    close: int = 0
    low_both: int = 0
    careless: int = 0
    clear_right: int = 0
    leans_right: int = 0
    near: int = 0  # whose true lean is near the middle
    near_right_twice: int = 0
    balanced: int = 0
    balanced_clear: int = 0
    first: int = 0  # whose true lean is toward the first role
    first_clear_wrong: int = 0  # of these, told "clearly" the second role
    # Sums over all people of the true lean t (in parts of TRUTH_UNIT), of the shown
    # lean l (in units of the form), of A, and of n Σa² − A² of the n trade-offs.
    sum_t: int = 0
    sum_l: int = 0
    sum_tt: int = 0
    sum_ll: int = 0
    sum_tl: int = 0
    sum_steps: int = 0
    sum_scatter: int = 0
    trade_offs: int = 0  # n, summed; every person answers as many

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
    def wrong_if_forced(self) -> float:
        return percentage(2 * self.people - self.right_twice, 2 * self.people)

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
    def both_share(self) -> float:
        return percentage(self.both, self.people)

    @property
    def close_share(self) -> float:
        return percentage(self.close, self.people)

    @property
    def low_both_share(self) -> float:
        return percentage(self.low_both, self.people)

    @property
    def undecided_share(self) -> float:
        """The share that is told neither "clearly" nor "leans"."""
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

    @property
    def clear_of_balanced(self) -> float:
        """How many of those whose true lean is near 0 are told "clearly"."""
        return percentage(self.balanced_clear, self.balanced)

    @property
    def clear_wrong_of_first(self) -> float:
        """How many who truly lean to the first role are told "clearly" the second."""
        return percentage(self.first_clear_wrong, self.first)

    @property
    def answer_variance(self) -> float:
        """The mean variance of one person's trade-offs, in steps squared.

        It is V_T (docs/instrument.md section 2.4) plus the variance of the questions'
        means, about .01 in the base model.
        """
        n = self.trade_offs / max(self.people, 1)
        return self.sum_scatter / (self.trade_offs * (n - 1)) if n > 1 else 0.0

    @property
    def mean_step(self) -> float:
        """The mean step of a trade-off, from -2 (product) to 2 (project)."""
        return self.sum_steps / max(self.trade_offs, 1)


def percentage(part: int, whole: int) -> float:
    """A share in per cent; 0 of nothing."""
    return 100 * part / whole if whole else 0.0


def simulate(
    questionnaire: Definition,
    *,
    form: str,
    people: int,
    seed: int,
    conditions: Conditions = BASE,
) -> Figures:
    """Let simulated people take one form, and count how often it is right.

    They skip nothing and take their time. The slices of a long run need different
    seeds; their figures add up. Raises KeyError for a questionnaire whose statements
    name unknown strengths.
    """
    crowd, random = _Crowd(questionnaire, form, conditions), Random(seed)  # noqa: S311
    plan, outcomes = compiled_form(questionnaire, form), _outcomes(questionnaire, form)
    n, n_first, n_second = crowd.counts
    scale = yardstick_of(plan, n, n_first, n_second)
    run_limit = plan.constants.of(form).careless_run
    balanced_to, near_to = BALANCED * crowd.truth_sd, NEAR_MIDDLE * crowd.truth_sd
    told: Counter[tuple[Outcome, bool]] = Counter()
    told_balanced: Counter[Outcome] = Counter()
    right_twice = near = near_right_twice = 0
    sum_t = sum_l = sum_tt = sum_ll = sum_tl = sum_steps = sum_scatter = 0
    for _ in range(people):
        truth, buttons = crowd.person(random)
        total = squares = first = second = run = longest = last = 0
        for button, (_, sign, role) in zip(buttons, crowd.scoring, strict=True):
            if role is None:
                step = (3 - button) * sign
                total += step
                squares += step * step
                run = 0 if button == 3 else run + 1 if button == last else 1
                longest = max(longest, run)
                last = button
            elif role:
                second += button
            else:
                first += button
        sums = (total, first, second, longest >= run_limit)
        outcome = outcomes.get(sums)
        if outcome is None:
            answers = {
                question: button
                for (question, _, _), button in zip(crowd.scoring, buttons, strict=True)
            }
            outcome = score(questionnaire, answers, form=form).outcome
            outcomes[sums] = outcome
        lean = (
            scale.step * total
            + scale.enjoyment[0] * first
            - scale.enjoyment[1] * second
        )
        right = 2 * (truth * lean > 0) + (lean == 0)
        right_twice += right
        told[outcome, truth > 0] += 1
        distance = abs(truth)
        if distance < balanced_to:
            told_balanced[outcome] += 1
        elif distance < near_to:
            near += 1
            near_right_twice += right
        whole = round(truth * TRUTH_UNIT)
        sum_t += whole
        sum_l += lean
        sum_tt += whole * whole
        sum_ll += lean * lean
        sum_tl += whole * lean
        sum_steps += total
        sum_scatter += n * squares - total * total
    of = Counter[Outcome]()
    for (outcome, _), count in told.items():
        of[outcome] += count
    return Figures(
        people=people,
        right_twice=right_twice,
        clear=of[Outcome.CLEAR_PROJECT] + of[Outcome.CLEAR_PRODUCT],
        leans=of[Outcome.LEAN_PROJECT] + of[Outcome.LEAN_PRODUCT],
        both=of[Outcome.BOTH],
        close=of[Outcome.CLOSE],
        low_both=of[Outcome.LOW_BOTH],
        careless=of[Outcome.CARELESS],
        clear_right=told[Outcome.CLEAR_PROJECT, True]
        + told[Outcome.CLEAR_PRODUCT, False],
        leans_right=told[Outcome.LEAN_PROJECT, True]
        + told[Outcome.LEAN_PRODUCT, False],
        near=near,
        near_right_twice=near_right_twice,
        balanced=told_balanced.total(),
        balanced_clear=told_balanced[Outcome.CLEAR_PROJECT]
        + told_balanced[Outcome.CLEAR_PRODUCT],
        first=sum(count for (_, first_role), count in told.items() if first_role),
        first_clear_wrong=told[Outcome.CLEAR_PRODUCT, True],
        sum_t=sum_t,
        sum_l=sum_l,
        sum_tt=sum_tt,
        sum_ll=sum_ll,
        sum_tl=sum_tl,
        sum_scatter=sum_scatter,
        sum_steps=sum_steps,
        trade_offs=people * n,
    )


# Per sum of the trade-offs, points of both enjoyments, and whether a run is careless.
Outcomes = dict[tuple[int, int, int, bool], Outcome]


@lru_cache(maxsize=8)
def _outcomes(questionnaire: Definition, form: str) -> Outcomes:
    """The outcomes found so far, filled by `simulate`.

    Where nothing is skipped and no time is given, these sums decide the outcome of the
    scorer "graded-pairs-1". So each combination is scored once.
    """
    return {}


def wrong_by_counting(
    questionnaire: Definition, *, people: int, seed: int, statements: int = 20
) -> float:
    """How often a counting quiz names the wrong role, in per cent.

    It asks whether people agree with statements, half of them about each role, and
    names the role with more agreements. Of ties, half count as wrong. People are those
    of the base model.
    """
    crowd, random = _Crowd(questionnaire, "full", BASE), Random(seed)  # noqa: S311
    lines = {
        sign: [index for index, own in enumerate(crowd.signs) if own == sign]
        for sign in (1, -1)
    }
    asked = [
        (sign, own[number % len(own)])
        for sign, own in lines.items()
        for number in range(statements // 2)
    ]
    wrong_twice = 0
    for _ in range(people):
        truth, likes, style = crowd.traits(random)
        count = sum(
            sign
            for sign, line in asked
            if likes[line] + style.yes + BASE.reading_sd * random.gauss(0, 1) > 0
        )
        wrong_twice += 1 if count == 0 else 2 * (truth * count < 0)
    return percentage(wrong_twice, 2 * people)


@dataclass(frozen=True, slots=True)
class _Style:
    """How one person answers."""

    stretch: float
    yes: float
    side: float
    image: float
    sitting: float


def _sounds(
    questionnaire: Definition,
    questions: list[QuestionDefinition],
    first_role: str,
    sd: float,
) -> dict[str, float]:
    """How good each statement sounds, by its name; drawn from the definition's hash.

    On average, neither role sounds better, for each kind of question. So chance does
    not tilt a form: `Conditions.wording` does.
    """
    draw = Random(questionnaire.sha256)  # noqa: S311
    groups: dict[tuple[str, bool], dict[str, float]] = {}
    for question in questions:
        for name, statement in zip(
            question.statement_names, question.statements, strict=True
        ):
            is_first = questionnaire.strength(statement.strength).role == first_role
            groups.setdefault((question.kind, is_first), {})[name] = draw.gauss(0, sd)
    return {
        name: sound - fmean(group.values())
        for group in groups.values()
        for name, sound in group.items()
    }


class _Crowd:
    """What all simulated people share: the strengths, and how good statements sound."""

    def __init__(
        self, questionnaire: Definition, form: str, conditions: Conditions
    ) -> None:
        self.conditions = conditions
        first = questionnaire.roles[0].slug
        lines = [strength for strength in questionnaire.strengths if strength.role]
        places = {strength.slug: place for place, strength in enumerate(lines)}
        self.signs = [1 if strength.role == first else -1 for strength in lines]
        self.lines_a_role = len(lines) / 2
        self.common, self.own = (
            sqrt(conditions.pulls_correlate),
            sqrt(1 - conditions.pulls_correlate),
        )
        self.truth_sd = sqrt(
            2 * (1 - conditions.pulls_correlate)
            + 2 * conditions.line_sd**2 / self.lines_a_role
        )
        questions = [
            question
            for question in questionnaire.questions_of(form)
            if question.kind in (TRADE_OFF, ENJOYMENT)
        ]
        sound = _sounds(questionnaire, questions, first, conditions.matching_sd)
        # Question, sign of the left side, role of an enjoyment answer.
        self.scoring: list[tuple[str, int, int | None]] = []
        # Lines of the two statements (the second None for enjoyment), how much better
        # the first sounds, and how much a wish raises it.
        self.reading: list[tuple[int, int | None, float, float]] = []
        for question in questions:
            names = question.statement_names
            if question.kind == TRADE_OFF:
                self.scoring.append(
                    (question.id, 1 if question.side == LEFT else -1, None)
                )
                self.reading.append(
                    (
                        places[question.project.strength],
                        places[question.product.strength],
                        sound[names[0]] - sound[names[1]] - conditions.wording,
                        -conditions.wish,
                    )
                )
            else:
                line = places[question.statement.strength]
                second = self.signs[line] < 0
                self.scoring.append((question.id, 0, int(second)))
                self.reading.append(
                    (line, None, sound[names[0]], conditions.wish * second)
                )
        roles = [role for _, _, role in self.scoring]
        self.counts = roles.count(None), roles.count(0), roles.count(1)

    def traits(self, random: Random) -> tuple[float, list[float], _Style]:
        """One person's true lean (project minus product), likings, and style."""
        gauss, conditions = random.gauss, self.conditions
        common = self.common * gauss(0, 1)
        pulls = {
            1: common + self.own * gauss(0, 1),
            -1: common + self.own * gauss(0, 1),
        }
        likes = [pulls[sign] + conditions.line_sd * gauss(0, 1) for sign in self.signs]
        truth = (
            sum(sign * like for sign, like in zip(self.signs, likes, strict=True))
            / self.lines_a_role
        )
        return (
            truth,
            likes,
            _Style(
                stretch=exp(conditions.stretch + conditions.extreme_sd * gauss(0, 1)),
                yes=conditions.yes_sd * gauss(0, 1),
                side=conditions.side_sd * gauss(0, 1),
                image=1 + abs(conditions.image_sd * gauss(0, 1)),
                sitting=conditions.sitting_sd * gauss(0, 1),
            ),
        )

    def person(self, random: Random) -> tuple[float, list[int]]:
        """One person's true lean and the buttons pressed, in the order of `scoring`."""
        truth, likes, style = self.traits(random)
        gauss, conditions = random.gauss, self.conditions
        rating_sd, pair_sd = conditions.reading_sd, sqrt(2) * conditions.reading_sd
        buttons: list[int] = []
        for (line, other, sound, wish), (_, sign, _) in zip(
            self.reading, self.scoring, strict=True
        ):
            felt = likes[line] + style.image * sound + wish
            if other is None:
                felt = style.stretch * (felt + style.yes + rating_sd * gauss(0, 1))
                buttons.append(bisect(ENJOYMENT_BOUNDS, felt))
            else:
                gap = felt - likes[other] + style.sitting + pair_sd * gauss(0, 1)
                left = style.stretch * (sign * gap + style.side)
                buttons.append(5 - bisect(PAIR_BOUNDS, left))
        if conditions.slips or conditions.random_from is not None:
            self._spoil(buttons, random)
        return truth, buttons

    def _spoil(self, buttons: list[int], random: Random) -> None:
        """Press random buttons where the conditions say so."""
        begin = self.conditions.random_from
        for place, (_, _, role) in enumerate(self.scoring):
            if (begin is not None and place >= begin) or (
                random.random() < self.conditions.slips
            ):
                buttons[place] = random.randrange(5) + (role is None)
