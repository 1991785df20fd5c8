"""What a coach might talk about: places where one person's answers disagree.

The *pull* of an answer says how far it speaks for a strength, in steps from -2 to 2.
The pull of a trade-off counts steps toward the strength's statement; the pull of an
enjoyment answer x is x - 2. A middle answer pulls nowhere. Nothing here is a fault of
the person, who alone can tell which of two answers holds (docs/instrument.md sections
2.2, 2.6 and 5).
"""

from __future__ import annotations

from collections.abc import Iterator
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
    Answers,
    Constants,
    QuestionDefinition,
    StrengthDefinition,
)
from .questionnaire import Definition
from .scoring import score_pairs, split_gap_squared, steps_of_pairs
from .tally import MIDDLE, tally

MIN_LIKED = 3  # of an enjoyment answer 0..4: "Quite a lot" and "Very much"
MAX_NAMED = 2  # answers listed on each side of a split


@dataclass(frozen=True, slots=True)
class AnsweredStatement:
    """One question of the form with its answer.

    `own` is "A" or "B" where the statement in question stands left or right; it is
    empty where both statements count or where there is only one. `words` are those on
    the button, empty for a skipped question.
    """

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
    """Answers about one strength of which some speak for it and some against it."""

    strength: StrengthDefinition
    speak_for: tuple[AnsweredStatement, ...]
    speak_against: tuple[AnsweredStatement, ...]


@dataclass(frozen=True, slots=True)
class Split:
    """Doing and wanting point to different roles.

    Both are in points from -100 to 100, the first role positive; `gap` is their
    distance. `least_gap_squared` is the square of the smallest gap that counts. The
    answers are those that pull furthest to either side.
    """

    doing: Fraction
    wanting: Fraction
    gap: Fraction
    least_gap_squared: Fraction
    doing_answers: tuple[AnsweredStatement, ...]
    wanting_answers: tuple[AnsweredStatement, ...]


@dataclass(frozen=True, slots=True)
class Tipping:
    """What would turn the result (docs/instrument.md section 2.6).

    Where a role is named: the answers whose opposite would make a close call or name
    the other role, and the number of single steps. Otherwise: the steps to either role,
    and the trade-offs answered in the middle.
    """

    to_close: tuple[AnsweredStatement, ...] = ()
    to_flip: tuple[AnsweredStatement, ...] = ()
    steps_to_close: int | None = None
    steps_to_lean: tuple[int, int] | None = None
    undecided: tuple[AnsweredStatement, ...] = ()


@dataclass(frozen=True, slots=True)
class Interest:
    """A strength that the person enjoys but did not choose.

    `score` is 0 to 100, None where there is none.
    """

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


def guide_of_pairs(questionnaire: Definition, answers: Answers, *, form: str) -> Guide:
    """The guide to answers that have scores.

    - *Contradiction*: one answer speaks for the strength and one against it, and they
      lie further apart than their error: (pull - pull)² >= band z² x (sum of the
      variances of the two answers). With the constants of docs/instrument.md section
      2.3 that means at least 3 of 4 steps.
    - *Interest*: the person enjoys the strength at least "quite a lot", but its score
      is a weak pull, or its trade-offs went against it by one step or more on average.
      Its enjoyment answer then counts in no contradiction, so nothing is said twice.
    - *Split*: the rule of docs/instrument.md section 2.2.
    - *Tipping*: docs/instrument.md section 2.6.
    - *Skipped*: questions with "Not sure" or without an answer.

    Raises RequestError for bad answers, ValueError where there are too few.
    """
    result = score_pairs(questionnaire, answers, form=form)
    scores = result.scores
    if scores is None:
        raise ValueError("too few answers to score")
    places = {
        question.id: (number, question)
        for number, question in enumerate(questionnaire.questions_of(form), 1)
    }

    def answered(id: str, strength: str = "") -> AnsweredStatement:
        number, question = places[id]
        return _answered(questionnaire, question, number, answers.get(id), strength)

    about = {
        strength: [answered(id, strength.slug) for id in ids]
        for strength, ids in _questions_about(questionnaire, form)
    }
    interests = []
    for strength, statements in about.items():
        own_score = (scores.strengths or {}).get(strength.slug)
        if interest := _interest(
            questionnaire.constants,
            strength,
            [one for one in statements if one.words],
            own_score,
        ):
            interests.append(interest)
    liked = {interest.strength for interest in interests}
    contradictions = []
    for strength, statements in about.items():
        compared = [
            one
            for one in statements
            if one.pull and not (strength in liked and one.kind == ENJOYMENT)
        ]
        if _contradict(questionnaire.constants, compared):
            pulling = [one for one in statements if one.pull]
            contradictions.append(
                Contradiction(
                    strength,
                    tuple(one for one in pulling if one.pull > 0),
                    tuple(one for one in pulling if one.pull < 0),
                )
            )
    split = None
    if scores.split and scores.doing is not None and scores.wanting is not None:
        sums = tally(compiled_form(questionnaire, form), answers)
        everything = [answered(id) for id in places]
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
            tuple(map(answered, change.to_close)),
            tuple(map(answered, change.to_flip or ())),
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
            undecided=tuple(map(answered, middle)),
        )
    skipped = tuple(answered(id) for id in places if answers.get(id) is None)
    return Guide(tuple(contradictions), split, tipping, skipped, tuple(interests))


def _questions_about(
    questionnaire: Definition, form: str
) -> Iterator[tuple[StrengthDefinition, list[str]]]:
    """Each strength of a role with its questions of the form, in order."""
    for strength in questionnaire.strengths:
        if strength.kind != SHARED:
            questions = questionnaire.questions_of(form)
            yield (
                strength,
                [
                    question.id
                    for question in questions
                    if strength.slug
                    in {statement.strength for statement in question.statements}
                ],
            )


def _answered(
    questionnaire: Definition,
    question: QuestionDefinition,
    number: int,
    answer: int | None,
    strength: str,
) -> AnsweredStatement:
    two = question.kind == TRADE_OFF
    steps = 0
    if answer is not None:
        # Toward the left statement, or toward enjoyment.
        steps = MIDDLE - answer if two else answer - ENJOYMENT_MIDDLE
    own = ""
    if two and strength:
        own = "A" if question.left.strength == strength else "B"
        steps = steps if own == "A" else -steps
    elif two:
        # About both statements: toward the first role.
        steps = steps if question.side == LEFT else -steps
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


def _contradict(constants: Constants, statements: list[AnsweredStatement]) -> bool:
    variance = {TRADE_OFF: constants.v_trade_off, ENJOYMENT: constants.v_enjoyment}
    return any(
        one.pull * two.pull < 0
        and (one.pull - two.pull) ** 2
        >= constants.band_z_squared * (variance[one.kind] + variance[two.kind])
        for one, two in combinations(statements, 2)
    )


def _interest(
    constants: Constants,
    strength: StrengthDefinition,
    statements: list[AnsweredStatement],
    own_score: Fraction | None,
) -> Interest | None:
    liked = next(
        (
            one
            for one in statements
            if one.kind == ENJOYMENT and one.pull + ENJOYMENT_MIDDLE >= MIN_LIKED
        ),
        None,
    )
    trade_offs = tuple(one for one in statements if one.kind == TRADE_OFF)
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
    """The answers of one kind that pull furthest to a side; ties keep form order.

    Enjoyment answers count as wanting.
    """
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
