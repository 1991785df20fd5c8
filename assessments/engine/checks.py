"""The rules that a questionnaire must pass before it is published: P1 to P16.

See docs/instrument.md section 1.4.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from .desirability import Sheet
from .findings import Finding
from .outcomes import Outcome
from .parts import (
    ENJOYMENT,
    FORMS,
    INTEREST,
    KEY,
    LEFT,
    RIGHT,
    SHARED,
    SHARED_SKILL,
    SHORT,
    TRADE_OFF,
    QuestionDefinition,
)
from .place import Place
from .questionnaire import Definition
from .scorers import score
from .wording import (
    desirability,
    labels,
    one_idea_only,
    placed,
    readability,
    telling_words,
)

MIN_TRADE_OFFS = 8
MIN_SHORT_ENJOYMENT = 2  # for each role
MAX_ON_ONE_SIDE = 2  # neighboring trade-offs
Rule = Callable[[Definition], Iterator[Finding]]


def check(
    questionnaire: Definition,
    *,
    lines: Mapping[str, str] | None = None,
    one_idea: frozenset[str] | None = None,
    ratings: Sequence[Sheet] | None = None,
) -> list[Finding]:
    """All findings about a questionnaire, in the order of the rules; empty if none.

    `lines` maps the slug of each strength to its name in today's article (P1).
    `one_idea` holds the statements that staff have ticked (P11), by names such as
    `T3.project` or `E1`. `ratings` holds what each rater gave to the
    statements, 1 to 7, by the same names (P10). A rule is not checked without its
    argument, but trade-offs without ratings cause a warning.
    """
    if not questionnaire.questions_of("full"):
        # Every rule would say so again, of every line.
        message = "It has no questions yet. Add sections, and questions to each."
        return [Finding("P14", Place("questionnaire"), message)]
    findings = [finding for rule in STRUCTURE for finding in rule(questionnaire)]
    findings += _names(questionnaire, lines or {})
    findings += [
        *readability(questionnaire),
        *desirability(questionnaire, ratings or ()),
        *telling_words(questionnaire),
    ]
    findings += one_idea_only(questionnaire, one_idea) if one_idea is not None else []
    findings += [*labels(questionnaire), *_constants(questionnaire)]
    return sorted(findings, key=lambda finding: int(finding.rule[1:]))


def _counted(count: int, word: str) -> str:
    return f"{count} {word}" if count == 1 else f"{count} {word}s"


def _trade_offs(questionnaire: Definition, form: str) -> list[QuestionDefinition]:
    return [
        question
        for question in questionnaire.questions_of(form)
        if question.kind == TRADE_OFF
    ]


def _role(questionnaire: Definition, slug: str) -> str | None:
    return questionnaire.strength(slug).role


def _equal_lists(questionnaire: Definition) -> Iterator[Finding]:
    for kind, word in ((KEY, "key strengths"), (INTEREST, "interests")):
        counts = [
            sum(
                strength.kind == kind and strength.role == role.slug
                for strength in questionnaire.strengths
            )
            for role in questionnaire.roles
        ]
        if counts[0] != counts[1] or not counts[0]:
            yield Finding(
                "P1",
                Place("strengths"),
                f"Both roles need the same number of {word}. They have "
                f"{counts[0]} and {counts[1]}. Add or retire lines of the article. "
                "A Publisher must then publish the words.",
            )


def _names(questionnaire: Definition, lines: Mapping[str, str]) -> Iterator[Finding]:
    for strength in questionnaire.strengths if lines else ():
        today = lines.get(strength.slug)
        if today is None:
            message = (
                f"The article no longer lists “{strength.name}”. Give its "
                "questions another line and fitting words, remove them, or list it in "
                "the article again."
            )
            places = [
                place
                for place, statement, _ in placed(questionnaire)
                if statement.strength == strength.slug
            ]
            yield from (
                Finding("P1", place, message)
                for place in places or [Place("strengths", strength.slug)]
            )
        elif today != strength.name:
            message = (
                f"The article now says “{today}” instead of “{strength.name}”. "
                "Use today’s wording."
            )
            yield Finding("P1", Place("strengths", strength.slug), message)


def _pairs(questionnaire: Definition) -> Iterator[Finding]:
    first, second = (role.slug for role in questionnaire.roles)
    names = [role.name for role in questionnaire.roles]
    met: dict[frozenset[str], str] = {}
    for question in _trade_offs(questionnaire, "full"):
        project, product = (
            questionnaire.strength(statement.strength)
            for statement in (question.project, question.product)
        )
        if project.role != first:
            yield Finding(
                "P2",
                Place(question=question.id, part="project"),
                f"“{project.name}” isn’t listed under “{names[0]}”. Choose a line "
                "that is.",
            )
        if product.role != second:
            yield Finding(
                "P2",
                Place(question=question.id, part="product"),
                f"“{product.name}” isn’t listed under “{names[1]}”. Choose a line "
                "that is.",
            )
        if project.kind != product.kind or project.kind == SHARED:
            yield Finding(
                "P2",
                Place(question=question.id),
                "Pair a strength with a strength, or an interest with an interest.",
            )
        pair = frozenset((project.slug, product.slug))
        if pair in met:
            yield Finding(
                "P2",
                Place(question=question.id),
                f"{met[pair]} already pairs these two lines. Choose another line for "
                "one side.",
            )
        met.setdefault(pair, question.id)


def _equal_use(questionnaire: Definition) -> Iterator[Finding]:
    for form in FORMS:
        trade_offs = _trade_offs(questionnaire, form)
        if not trade_offs:
            continue  # P14 says so
        for kind, word in ((KEY, "strength"), (INTEREST, "interest")):
            used = Counter(
                statement.strength
                for question in trade_offs
                for statement in question.statements
            )
            counts = {
                strength: used[strength.slug]
                for strength in questionnaire.strengths
                if strength.kind == kind
            }
            if not counts:
                continue
            if not any(counts.values()):
                yield Finding(
                    "P3",
                    Place(form=form, part="trade_offs"),
                    f"The {form} form has no trade-offs about {word}s. Add a section "
                    "with them.",
                )
                continue
            usual = Counter(counts.values()).most_common(1)[0][0] or max(
                counts.values()
            )
            for strength, count in counts.items():
                if count != usual or not count:
                    message = (
                        f"“{strength.name}” is in {_counted(count, 'trade-off')} of "
                        f"the {form} form. Each {word} must be in the same number of "
                        f"them, at least 1. Most are in {usual}."
                    )
                    yield Finding("P3", Place("strengths", strength.slug), message)


def _sides(questionnaire: Definition) -> Iterator[Finding]:
    for form in FORMS:
        for kind, word in ((KEY, "strengths"), (INTEREST, "interests")):
            pairs = [
                q
                for q in _trade_offs(questionnaire, form)
                if questionnaire.strength(q.project.strength).kind == kind
            ]
            on_the_left = sum(question.side == LEFT for question in pairs)
            if 2 * on_the_left != len(pairs):
                yield Finding(
                    "P4",
                    Place(form=form, part=kind),
                    f"In the {form} form, the project statement is on the left in "
                    f"{on_the_left} of {len(pairs)} trade-offs about {word}. Make it "
                    "half.",
                )
    balance: Counter[str] = Counter()
    for question in _trade_offs(questionnaire, "full"):
        balance[question.left.strength] += 1
        balance[question.right.strength] -= 1
    for strength in questionnaire.strengths:
        if strength.kind == KEY and balance[strength.slug]:
            yield Finding(
                "P4",
                Place("strengths", strength.slug),
                f"“{strength.name}” must be on the left as often as on the right in "
                "the full form. Swap the sides of one of its trade-offs.",
            )


def _runs(questionnaire: Definition) -> Iterator[Finding]:
    run, before = 0, None
    for question in _trade_offs(questionnaire, "full"):
        run = run + 1 if question.side == before else 1
        before = question.side
        if run == MAX_ON_ONE_SIDE + 1:
            yield Finding(
                "P5",
                Place(question=question.id),
                f"More than {MAX_ON_ONE_SIDE} trade-offs in a row have the project "
                f"statement on the {before}. Swap the sides of one.",
            )


def _alternation(questionnaire: Definition) -> Iterator[Finding]:
    """The sides do not go with alternation.

    Else pressing left and right in turn would favor a role. An even number of
    trade-offs that four does not divide cannot come nearer to 0 than 2.
    """
    for form in FORMS:
        sides = [question.side for question in _trade_offs(questionnaire, form)]
        agreement = sum(
            (1 if side == LEFT else -1) * (-1) ** position
            for position, side in enumerate(sides)
        )
        if abs(agreement) > len(sides) % 4:
            yield Finding(
                "P5",
                Place(form=form, part="trade_offs"),
                f"In the {form} form, pressing left and right in turn would favor one "
                "role. Swap the sides of two neighboring trade-offs.",
            )


def _enjoyment(questionnaire: Definition) -> Iterator[Finding]:
    for form in FORMS:
        items = [q for q in questionnaire.questions_of(form) if q.kind == ENJOYMENT]
        used = Counter(question.statement.strength for question in items)
        roles = [
            _role(questionnaire, question.statement.strength) for question in items
        ]
        if form == SHORT:
            counts = [roles.count(role.slug) for role in questionnaire.roles]
            if counts[0] != counts[1] or min(counts) < MIN_SHORT_ENJOYMENT:
                yield Finding(
                    "P6",
                    Place(form=SHORT, part="enjoyment"),
                    "The short form needs the same number of enjoyment questions for "
                    f"each role, at least {MIN_SHORT_ENJOYMENT}. It has {counts[0]} "
                    f"and {counts[1]}.",
                )
            continue
        if not items:
            yield Finding(
                "P6",
                Place(form=form, part="enjoyment"),
                "The full form has no enjoyment questions. Add a section with one for "
                "each key strength.",
            )
            continue
        for strength in questionnaire.strengths:
            if used[strength.slug] != (strength.kind == KEY):
                yield Finding(
                    "P6",
                    Place("strengths", strength.slug),
                    f"“{strength.name}” has "
                    f"{_counted(used[strength.slug], 'enjoyment question')}. Each key "
                    "strength needs one, and other lines none.",
                )
        for (_, one), (question, other) in pairwise(zip(items, roles, strict=True)):
            if one == other:
                yield Finding(
                    "P6",
                    Place(question=question.id),
                    "Enjoyment questions must alternate between the roles. "
                    "Move this one.",
                )


def _shared(questionnaire: Definition) -> Iterator[Finding]:
    used = Counter(
        question.statement.strength
        for question in questionnaire.questions_of("full")
        if question.kind == SHARED_SKILL
    )
    shared = {line.slug for line in questionnaire.strengths if line.kind == SHARED}
    if shared and not used:
        yield Finding(
            "P7",
            Place(form="full", part="shared"),
            "The full form has no shared-skill questions. Add a section with one for "
            "each shared skill.",
        )
        return
    for strength in questionnaire.strengths:
        if used[strength.slug] != (strength.slug in shared):
            yield Finding(
                "P7",
                Place("strengths", strength.slug),
                f"“{strength.name}” has "
                f"{_counted(used[strength.slug], 'shared-skill question')}. Each "
                "shared skill needs one, and other lines none.",
            )
    for question in questionnaire.questions_of(SHORT):
        if question.kind == SHARED_SKILL:
            yield Finding(
                "P7",
                Place(question=question.id),
                "Shared-skill questions belong in the full form only. Take their "
                "section out of the short form.",
            )


def _short_first(questionnaire: Definition) -> Iterator[Finding]:
    for place, (before, section) in enumerate(pairwise(questionnaire.sections), 1):
        if section.in_short and not before.in_short:
            yield Finding(
                "P8",
                Place("sections", section=place),
                "Sections of the short form must come first. Move this section up, or "
                "take it out of the short form.",
            )


def _enough(questionnaire: Definition) -> Iterator[Finding]:
    for form in FORMS:
        count = len(_trade_offs(questionnaire, form))
        if count < MIN_TRADE_OFFS:
            yield Finding(
                "P14",
                Place(form=form, part="trade_offs"),
                f"The {form} form has {_counted(count, 'trade-off')}. It needs at "
                f"least {MIN_TRADE_OFFS}. Add more.",
            )


STRUCTURE: tuple[Rule, ...] = (
    _equal_lists,
    _pairs,
    _equal_use,
    _sides,
    _runs,
    _alternation,
    _enjoyment,
    _shared,
    _short_first,
    _enough,
)


def _constants(questionnaire: Definition) -> Iterator[Finding]:
    """P13: the constants fit each other and the forms.

    A definition that lacks a constant cannot be read at all.
    """
    constants = questionnaire.constants
    if constants.trade_off_weight + constants.enjoyment_weight != 1:
        yield Finding(
            "P13",
            Place("constants", constant="trade_off_weight"),
            "The two weights must add up to 1. Change one of them.",
        )
    for lower, higher in (
        ("leans_z_squared", "clear_z_squared"),
        ("clear_z_squared", "sure_z_squared"),
        ("leans_floor", "clear_floor"),
        ("low_enjoyment", "high_enjoyment"),
        ("weak_pull", "strong_pull"),
    ):
        if not getattr(constants, lower) < getattr(constants, higher):
            yield Finding(
                "P13",
                Place("constants", constant=lower),
                f"Must be below “{higher}”, which is {getattr(constants, higher)}. "
                "Change one of the two.",
                other=Place("constants", constant=higher),
            )
    for form in FORMS:
        limits, questions = constants.of(form), questionnaire.questions_of(form)
        enjoyed = Counter(
            _role(questionnaire, q.statement.strength)
            for q in questions
            if q.kind == ENJOYMENT
        )
        least_there = min(enjoyed[role.slug] for role in questionnaire.roles)
        trade_offs = sum(question.kind == TRADE_OFF for question in questions)
        for name, available, what in (
            ("least_trade_offs", trade_offs, "trade-offs"),
            ("least_enjoyment", least_there, "enjoyment questions for each role"),
            ("careless_run", trade_offs, "trade-offs"),
        ):
            if not available:
                if name == "least_enjoyment":  # P14 tells of missing trade-offs
                    yield Finding(
                        "P13",
                        Place("constants", form=form, constant=name),
                        "This form needs enjoyment questions for each role first.",
                    )
            elif not 1 <= getattr(limits, name) <= available:
                yield Finding(
                    "P13",
                    Place("constants", form=form, constant=name),
                    f"Must be between 1 and {available}, the number of {what} in this "
                    "form.",
                )


@dataclass(frozen=True, slots=True)
class ExampleScore:
    """One example of docs/instrument.md section 2.8 under a draft's constants (P15).

    `number` is the example's number, `lean` is in points from -100 to 100.
    """

    number: int
    outcome: Outcome
    lean: Fraction | None


_EXAMPLES = (
    ("full", "144243153452", "42323132", "33243", 260),
    ("full", "224324342323", "34332333", "43434", 300),
    ("short", "42234-43", "2323", "", 130),
    ("full", "233434233344", "11011021", "22132", 240),
)
# Where the project statements of T1 to T12 stand. Turned round, a button means the
# opposite.
_DEFAULT_SIDES = "LRRLRLLRLRRL"


def example_scores(questionnaire: Definition) -> list[ExampleScore]:
    """The worked examples of docs/instrument.md section 2.8 under these constants.

    An example is left out where its form has other questions or sides than the default.
    """
    scores = []
    for number, (form, *answers, seconds) in enumerate(_EXAMPLES, 1):
        buttons = {
            f"{letter}{place}": None if button == "-" else int(button)
            for letter, row in zip("TES", answers, strict=True)
            for place, button in enumerate(row, 1)
        }
        questions = {
            question.id: question for question in questionnaire.questions_of(form)
        }
        sides = {
            f"T{place}": LEFT if side == "L" else RIGHT
            for place, side in enumerate(_DEFAULT_SIDES, 1)
        }
        if buttons.keys() != questions.keys() or any(
            questions[question].side != sides.get(question) for question in buttons
        ):
            continue
        result = score(questionnaire, buttons, form=form, seconds=seconds)
        scores.append(
            ExampleScore(
                number, result.outcome, result.scores.lean if result.scores else None
            )
        )
    return scores
