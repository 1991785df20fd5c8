"""What a coach might talk about: where the answers of one person do not say one thing (docs/instrument.md sections 2.2, 2.6 and 5).

The *pull* of an answer is how far it speaks for a strength, in button steps from -2 to 2: of a trade-off the steps towards
the strength's own statement, of an enjoyment question x - 2. An answer in the middle pulls nowhere. A finding is something
to ask about, never a fault: which of two answers holds, only the person can tell.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations

from .compiled import compiled_form
from .explanation import ENJOYMENT_MIDDLE
from .parts import (
    ENJOYMENT,
    INTEREST,
    KEY,
    LEFT,
    SHARED,
    TRADE_OFF,
    Constants,
    QuestionDefinition,
    StrengthDefinition,
)
from .questionnaire import Definition
from .scoring import score_pairs, split_gap_squared, steps_of_pairs
from .tally import MIDDLE, tally

MIN_LIKED = 3  # of an enjoyment answer 0..4: "Quite a lot" and "Very much"
MAX_NAMED = 2  # answers that a split names on each side


@dataclass(frozen=True, slots=True)
class AnsweredStatement:
    """One question of the form with its answer. `own` is where the statement that this is about stands: A (left), B (right), or
    nothing where it is about both or about the only one; `words` are those on the button, nothing for a skipped question."""

    id: str
    number: int  # in the form, from 1
    kind: str
    left: str
    right: str  # nothing for a rating
    own: str
    words: str
    pull: int


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Answers about one strength of which some speak for it and some against."""

    strength: StrengthDefinition
    speak_for: tuple[AnsweredStatement, ...]
    speak_against: tuple[AnsweredStatement, ...]


@dataclass(frozen=True, slots=True)
class Split:
    """Doing and wanting, in points from -100 to 100 (+ first role), `gap` apart; two of each told apart from the root of
    `least_gap_squared` on. With the answers that pull furthest to either side."""

    doing: Fraction
    wanting: Fraction
    gap: Fraction
    least_gap_squared: Fraction
    doing_answers: tuple[AnsweredStatement, ...]
    wanting_answers: tuple[AnsweredStatement, ...]


@dataclass(frozen=True, slots=True)
class Tipping:
    """What would turn the result (docs/instrument.md section 2.6). Where a role is named: the answers whose opposite makes a close call, those
    that name the other role, and single steps. Else: the steps to either role, and the trade-offs answered in the middle."""

    to_close: tuple[AnsweredStatement, ...] = ()
    to_flip: tuple[AnsweredStatement, ...] = ()
    steps_to_close: int | None = None
    steps_to_lean: tuple[int, int] | None = None
    undecided: tuple[AnsweredStatement, ...] = ()


@dataclass(frozen=True, slots=True)
class Interest:
    """A strength that is liked and yet not chosen: its enjoyment answer, its trade-offs, its score (None: not given)."""

    strength: StrengthDefinition
    liked: AnsweredStatement
    trade_offs: tuple[AnsweredStatement, ...]
    score: Fraction | None


@dataclass(frozen=True, slots=True)
class Guide:
    contradictions: tuple[Contradiction, ...]
    split: Split | None
    tipping: Tipping
    skipped: tuple[AnsweredStatement, ...]
    interests: tuple[Interest, ...]


def guide_of_pairs(
    questionnaire: Definition, answers: Mapping[str, int | None], *, form: str
) -> Guide:
    """The guide to answers that have scores. Raises RequestError for bad answers, ValueError where there are too few.

    - *Contradiction*: an answer that speaks for the strength and one that speaks against it, further apart than their error:
      (pull - pull)² >= z² of the band x (sum of the two variances of one answer). With the constants of docs/instrument.md section 2.3: at
      least 3 of 4 steps, so one of the two is at the end of its scale.
    - *Interest*: the enjoyment answer is at least "Quite a lot", and the strength's own score is a weak pull, or its trade-offs
      went against it by one step or more on average. Such a strength is no contradiction as well, unless its trade-offs
      contradict each other: nothing is told twice.
    - *Split*: the rule of 2.2, with the gap and the least gap that counts.
    - *Tipping*: 2.6.  *Skipped*: "Not sure", and questions without an answer.
    """
    result = score_pairs(questionnaire, answers, form=form)
    scores = result.scores
    if scores is None:
        raise ValueError("too few answers to score")
    places = {
        question.id: (number, question)
        for number, question in enumerate(questionnaire.questions_of(form), 1)
    }

    def said(id: str, strength: str = "") -> AnsweredStatement:
        number, question = places[id]
        return _said(questionnaire, question, number, answers.get(id), strength)

    about = {
        strength: [said(id, strength.slug) for id in ids]
        for strength, ids in _questions_about(questionnaire, form)
    }
    interests = []
    for strength, all_said in about.items():
        own_score = (scores.strengths or {}).get(strength.slug)
        if found := _interest(
            questionnaire.constants,
            strength,
            [one for one in all_said if one.words],
            own_score,
        ):
            interests.append(found)
    liked = {interest.strength for interest in interests}
    contradictions = []
    for strength, all_said in about.items():
        compared = [
            one
            for one in all_said
            if one.pull and not (strength in liked and one.kind == ENJOYMENT)
        ]
        if _contradict(questionnaire.constants, compared):
            told = [one for one in all_said if one.pull]
            contradictions.append(
                Contradiction(
                    strength,
                    tuple(one for one in told if one.pull > 0),
                    tuple(one for one in told if one.pull < 0),
                )
            )
    split = None
    if scores.split and scores.doing is not None and scores.wanting is not None:
        sums = tally(compiled_form(questionnaire, form), answers)
        everything = [said(id) for id in places]
        split = Split(
            doing=scores.doing,
            wanting=scores.wanting,
            gap=abs(scores.doing - scores.wanting),
            least_gap_squared=split_gap_squared(questionnaire.constants, sums),
            doing_answers=_furthest(questionnaire, everything, KEY, scores.doing),
            wanting_answers=_furthest(
                questionnaire, everything, INTEREST, scores.wanting
            ),
        )
    change = result.change
    if result.outcome.named and change is not None:
        tipping = Tipping(
            tuple(map(said, change.to_close)),
            tuple(map(said, change.to_flip or ())),
            change.steps_to_close,
        )
    else:
        middle = [
            id
            for id, (_, question) in places.items()
            if question.kind == TRADE_OFF and answers.get(id) == MIDDLE
        ]
        tipping = Tipping(
            steps_to_lean=steps_of_pairs(questionnaire, answers, form=form),
            undecided=tuple(map(said, middle)),
        )
    skipped = tuple(said(id) for id in places if answers.get(id) is None)
    return Guide(tuple(contradictions), split, tipping, skipped, tuple(interests))


def _questions_about(
    questionnaire: Definition, form: str
) -> Iterator[tuple[StrengthDefinition, list[str]]]:
    """The questions of the form on each strength of a role, in form order."""
    for strength in questionnaire.strengths:
        if strength.kind != SHARED:
            questions = questionnaire.questions_of(form)
            yield (
                strength,
                [
                    each.id
                    for each in questions
                    if strength.slug
                    in {statement.strength for statement in each.statements}
                ],
            )


def _said(
    questionnaire: Definition,
    question: QuestionDefinition,
    number: int,
    answer: int | None,
    strength: str,
) -> AnsweredStatement:
    two = question.kind == TRADE_OFF
    steps = 0
    if answer is not None:
        steps = (
            MIDDLE - answer if two else answer - ENJOYMENT_MIDDLE
        )  # towards the left statement, or towards enjoyment
    own = ""
    if two and strength:
        own = "A" if question.left.strength == strength else "B"
        steps = steps if own == "A" else -steps
    elif two:
        steps = (
            steps if question.side == LEFT else -steps
        )  # about both: towards the first role
    return AnsweredStatement(
        id=question.id,
        number=number,
        kind=question.kind,
        left=question.left.text if two else question.statement.text,
        right=question.right.text if two else "",
        own=own,
        words=""
        if answer is None
        else questionnaire.section_of(question.id).label_of(answer),
        pull=steps,
    )


def _contradict(constants: Constants, said: list[AnsweredStatement]) -> bool:
    variance = {TRADE_OFF: constants.v_trade_off, ENJOYMENT: constants.v_enjoyment}
    return any(
        one.pull * two.pull < 0
        and (one.pull - two.pull) ** 2
        >= constants.band_z_squared * (variance[one.kind] + variance[two.kind])
        for one, two in combinations(said, 2)
    )


def _interest(
    constants: Constants,
    strength: StrengthDefinition,
    said: list[AnsweredStatement],
    own_score: Fraction | None,
) -> Interest | None:
    liked = next(
        (
            one
            for one in said
            if one.kind == ENJOYMENT and one.pull + ENJOYMENT_MIDDLE >= MIN_LIKED
        ),
        None,
    )
    trade_offs = tuple(one for one in said if one.kind == TRADE_OFF)
    if liked is None or not trade_offs:
        return None
    went_against = sum(one.pull for one in trade_offs) <= -len(trade_offs)
    weak = own_score is not None and own_score <= constants.weak_pull
    return (
        Interest(strength, liked, trade_offs, own_score)
        if went_against or weak
        else None
    )


def _furthest(
    questionnaire: Definition,
    everything: list[AnsweredStatement],
    kind: str,
    side: Fraction,
) -> tuple[AnsweredStatement, ...]:
    """The answers of one part of the split that pull furthest to its side, ties in form order. Enjoyment belongs to wanting."""
    pulls = []
    for one in everything:
        strength = questionnaire.strength(
            questionnaire.question(one.id).statements[0].strength
        )
        if one.kind == TRADE_OFF and strength.kind == kind:
            pulls.append((one.pull, one))
        elif one.kind == ENJOYMENT and kind == INTEREST:
            pulls.append(
                (
                    one.pull
                    if strength.role == questionnaire.roles[0].slug
                    else -one.pull,
                    one,
                )
            )
    towards = 1 if side > 0 else -1
    ahead = sorted(
        ((pull * towards, one) for pull, one in pulls if pull * towards > 0),
        key=lambda pair: -pair[0],
    )
    return tuple(one for _, one in ahead[:MAX_NAMED])
