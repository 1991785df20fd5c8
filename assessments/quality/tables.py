"""The tables of the quality pages (docs/instrument.md section 6)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from fractions import Fraction

from django.utils.formats import date_format

from assessments.engine import Definition, QuestionDefinition
from assessments.engine.blocks import LEAN_BIN, WeeksBlock, bin_of
from assessments.engine.consistency import MIN_FOR_RETEST, LeanStatistics
from assessments.engine.outcomes import OUTCOME_GROUPS, STORED, Outcome
from assessments.engine.parts import LEFT
from assessments.engine.quality import (
    MIN_FOR_OUTCOMES,
    Quality,
)
from assessments.engine.statistics import (
    MIN_CELL,
    Estimate,
    share,
    suppress_small_counts,
)
from assessments.quality.alarms import scale_words
from assessments.quality.cells import (
    DASH,
    Cell,
    Column,
    Table,
    mean_cell,
    number_cell,
    part_cells,
    people_cell,
    percent_cell,
    share_cells,
    text_cell,
    without_interval,
)
from assessments.results.outcome_words import short_words

ANSWER_POSITIONS = ("Left end", "Second", "Middle", "Fourth", "Right end")
MAX_LEAN = 100  # points


def statement_words(question: QuestionDefinition) -> str:
    """The statements of a question, from left to right as on the page."""
    if question.side is None:
        return question.statement.text
    sides = (
        (question.project, question.product)
        if question.side == LEFT
        else (question.product, question.project)
    )
    return " / ".join(side.text for side in sides)


def questions_table(questionnaire: Definition, statistics: Quality) -> Table:
    questions = {
        question.id: question
        for question in questionnaire.questions_of(statistics.form)
    }
    columns = (
        Column("Question"),
        Column("Statements, left to right"),
        Column("People"),
        Column("Mean", interval=True),
        Column("Spread"),
        Column("Item-rest correlation"),
        Column("Alpha without it", interval=True),
        Column("Skipped", interval=True),
        Column("Left here", interval=True),
        Column("Median seconds"),
    )
    rows = tuple(
        (
            text_cell(item.item.id),
            text_cell(statement_words(questions[item.item.id])),
            people_cell(item.answered),
            mean_cell(item.mean),
            number_cell(item.sd, people=item.answered),
            number_cell(item.item_rest),
            mean_cell(item.alpha_without),
            percent_cell(item.skipped),
            percent_cell(item.left_here),
            number_cell(item.median_seconds, 1),
        )
        for item in statistics.items
    )
    note = (
        "Trade-offs count from −2 to +2, where plus means {first}. Other questions "
        "count from 0 to 4. “Left here” is the share of people who stopped here, of "
        "those who got this far. The item-rest correlation says how well a question "
        "goes with the others of its kind. Alpha says how well all of them go together."
    )
    return Table(
        "questions",
        "Questions",
        columns,
        rows,
        note.format(first=questionnaire.roles[0].name.lower()),
    )


def answers_table(statistics: Quality) -> Table:
    columns = (
        Column("Question"),
        Column("People"),
        *(Column(title, interval=True) for title in ANSWER_POSITIONS),
    )
    rows = tuple(
        (
            text_cell(item.item.id),
            people_cell(item.answered),
            *share_cells(item.options or (None,) * len(ANSWER_POSITIONS)),
        )
        for item in statistics.items
    )
    return Table(
        "answers",
        "Answers to each question",
        columns,
        rows,
        "The five answers as they are on the page, from left to right.",
    )


def scales_table(questionnaire: Definition, statistics: Quality) -> Table:
    columns = (
        Column("Scale"),
        Column("Questions"),
        Column("People"),
        Column("Mean per question", interval=True),
        Column("Alpha", interval=True),
        Column("Split-half"),
        Column("Error variance of one answer"),
    )
    rows = tuple(
        (
            text_cell(
                scale_words(scale.scale.name, questionnaire)
                .removeprefix("the ")
                .capitalize()
            ),
            number_cell(len(scale.scale.items), 0),
            people_cell(scale.n),
            mean_cell(scale.mean),
            mean_cell(scale.alpha),
            number_cell(scale.split_half),
            number_cell(scale.error_variance),
        )
        for scale in statistics.scales
    )
    return Table(
        "scales",
        "Scales",
        columns,
        rows,
        "People are those who answered every question in the scale. Alpha and "
        "split-half say how well its questions go together. 1 is the best possible.",
    )


def lean_table(statistics: Quality, assumed_se: float | None) -> Table:
    lean = statistics.lean
    retest = (
        f"Standard error, from {people_cell(lean.retests).text} people who came back"
        if lean.retests >= MIN_CELL
        else "Standard error, from people who came back"
    )
    figures: tuple[tuple[str, float | Fraction | None, str], ...] = (
        (
            "Error of one trade-off answer (V_T)",
            lean.v_trade_off,
            "Button steps, squared.",
        ),
        (
            "Error of one enjoyment answer (V_E)",
            lean.v_enjoyment,
            "Button steps, squared.",
        ),
        (
            "Standard error, according to this version",
            assumed_se,
            "Points of lean, for someone who skips nothing.",
        ),
        (
            "Standard error, from people’s first answers",
            lean.se_answers,
            "Points of lean.",
        ),
        (
            retest,
            lean.se_retest,
            "Points of lean. Needs 100 people who came back within 2 to 30 days.",
        ),
        ("Standard error of the lean", lean.se, "The larger of the two."),
        (
            "Reliability of the lean",
            lean.reliability,
            "From 0 to 1: how much of the difference between people isn’t error.",
        ),
    )
    columns = (Column("Figure"), Column("Value", interval=True), Column("What it is"))
    rows = tuple(
        (text_cell(name), without_interval(number_cell(value)), text_cell(about))
        for name, value, about in figures
    )
    minutes = statistics.median_seconds
    time = (
        text_cell("Median active minutes"),
        without_interval(number_cell(minutes / 60 if minutes else None)),
        text_cell("For the whole form."),
    )
    side = (
        text_cell("Pull to the right side"),
        mean_cell(statistics.side),
        text_cell("Steps, over all trade-offs as they are on the page."),
    )
    return Table(
        "lean",
        "Lean, decisions, and time",
        columns,
        (*rows, *_same_side_rows(lean), time, side),
        "How far you can trust the lean, and how long the form takes.",
    )


def _same_side_rows(lean: LeanStatistics) -> Iterator[tuple[Cell, ...]]:
    """Two rows on other questions; two more once enough people came back."""
    others = (
        "with other questions of this kind",
        lean.other_questions,
        "They would answer other questions about the same strengths and interests at "
        "the same sitting. Only the full form asks enough to show it.",
    )
    another_day = (
        "on another day",
        lean.another_day,
        "They would answer the same questions on another day. "
        f"Needs {MIN_FOR_RETEST} people who came back.",
    )
    for when, again, how in (others, another_day)[: 2 if lean.another_day else 1]:
        yield (
            text_cell(f"Same side again, {when}"),
            mean_cell(again.share if again else None),
            text_cell(
                "Expected share of people who would get the same role, or undecided, "
                f"again. {how}"
            ),
        )
        yield (
            text_cell(f"Kappa, {when}"),
            mean_cell(again.kappa if again else None),
            text_cell(
                "The same beyond chance: 0 if only the number of people on each side "
                "made them agree, 1 if all do."
            ),
        )


def outcomes_table(
    questionnaire: Definition, statistics: Quality, outcomes: Counter[str]
) -> Table:
    shares, first = statistics.outcomes, questionnaire.roles[0].name.lower()
    # Also of outcomes that nobody had: a missing share would reveal that.
    of_all = (
        {outcome: share(outcomes[outcome], outcomes.total()) for outcome in STORED}
        if shares.of_all is not None
        else {}
    )
    counts = [outcomes[outcome] for outcome in STORED]
    cells = zip(
        STORED,
        part_cells(counts),
        share_cells([of_all.get(outcome) for outcome in STORED]),
        strict=True,
    )
    rows = [
        (
            text_cell(short_words(outcome).capitalize()),
            people,
            percent,
            text_cell("all results"),
        )
        for outcome, people, percent in cells
    ]
    shown = dict(zip(STORED, suppress_small_counts(counts), strict=True))
    rows += [
        (
            text_cell(name),
            people_cell(estimate.people) if estimate else text_cell(DASH),
            percent_cell(estimate),
            text_cell(of),
        )
        for name, estimate, of, sum_of in (
            (
                "A close call, or both",
                shares.undecided,
                "attentive results",
                OUTCOME_GROUPS["undecided"],
            ),
            (
                f"{first.capitalize()}, clearly or leaning",
                shares.first_role,
                "results that name a role",
                OUTCOME_GROUPS["first"],
            ),
        )
        # A sum is left out where one of its parts is hidden: subtracting the other
        # part would reveal it.
        if all(shown[outcome] for outcome in sum_of)
    ]
    columns = (
        Column("Outcome"),
        Column("People"),
        Column("Share", interval=True),
        Column("Share of"),
    )
    return Table(
        "outcomes",
        "Outcomes",
        columns,
        tuple(rows),
        "The outcomes that people got. Shares need 100 results.",
    )


def kind_words(questionnaire: Definition) -> dict[str, str]:
    first, second = (role.name for role in questionnaire.roles)
    return dict(
        zip(
            OUTCOME_GROUPS,
            (
                first,
                second,
                "Close call or both",
                short_words(Outcome.LOW_BOTH).capitalize(),
                short_words(Outcome.CARELESS).capitalize(),
            ),
            strict=True,
        )
    )


def week_shares(outcomes: Counter[str]) -> dict[str, Estimate | None]:
    """The shares of one week by kind, or None below 100 people."""
    total = outcomes.total()
    counts = {
        kind: sum(outcomes[outcome] for outcome in of)
        for kind, of in OUTCOME_GROUPS.items()
    }
    return {
        kind: share(count, total) if total >= MIN_FOR_OUTCOMES else None
        for kind, count in counts.items()
    }


def weeks_table(questionnaire: Definition, blocks: Sequence[WeeksBlock]) -> Table:
    columns = (
        Column("From the week of"),
        Column("To the week of"),
        Column("People"),
        *(Column(name, interval=True) for name in kind_words(questionnaire).values()),
    )
    rows = tuple(
        (
            text_cell(date_format(block.first, "F j, Y")),
            text_cell(date_format(block.last, "F j, Y")),
            people_cell(block.sums.outcomes.total()),
            *share_cells(list(week_shares(block.sums.outcomes).values())),
        )
        for block in blocks
    )
    return Table(
        "weeks",
        "Outcomes by week",
        columns,
        rows,
        "A week with few results is shown together with the next ones. Shares need "
        "100 results.",
        "No results in these weeks.",
    )


def bins(leans: Counter[str]) -> dict[int, int]:
    """How many leans are nearest to each multiple of ten points.

    The order is from the first role's end down. Halves round away from 0.
    """
    counts: Counter[int] = Counter()
    for text, n in leans.items():
        counts[bin_of(text)] += n
    return {
        middle: counts[middle] for middle in range(MAX_LEAN, -MAX_LEAN - 1, -LEAN_BIN)
    }


def leans_table(questionnaire: Definition, leans: Counter[str]) -> Table:
    first, second = (role.name.lower() for role in questionnaire.roles)
    total = leans.total()
    enough = total >= MIN_FOR_OUTCOMES
    counts = bins(leans)
    shares = share_cells([share(n, total) if enough else None for n in counts.values()])
    rows = tuple(
        (
            text_cell(
                f"About {abs(middle)} toward {first if middle > 0 else second}"
                if middle
                else "Less than 5 either way"
            ),
            *cells,
        )
        for middle, *cells in zip(
            counts, part_cells(list(counts.values())), shares, strict=True
        )
    )
    columns = (Column("Lean"), Column("People"), Column("Share", interval=True))
    return Table(
        "leans",
        "Distribution of leans",
        columns,
        rows,
        "People who skipped no question that moves the lean.",
    )
