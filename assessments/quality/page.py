"""The facts of one quality page: alarms, tables, charts, suggested constants."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from itertools import pairwise
from math import sqrt

from django.utils.formats import date_format

from assessments.actions.sums import SETTLED
from assessments.engine import Constants, Definition
from assessments.engine.blocks import WeeksBlock
from assessments.engine.consistency import se_squared
from assessments.engine.quality import Quality, quality, shifts
from assessments.engine.scales import form_scales
from assessments.engine.statistics import MIN_CELL, MIN_FOR_ITEM
from assessments.engine.sums import Sums
from assessments.models import Form, Version
from assessments.quality import charts, tables
from assessments.quality.alarms import sentence
from assessments.quality.cells import Table, people_cell
from assessments.quality.charts import Bars, Chart
from assessments.quality.turnout import prediction_table, turnout_table, wishes_table
from assessments.queries import sums as sum_queries
from assessments.queries import versions


@dataclass(frozen=True, slots=True)
class AlarmNotice:
    """An alarm in words. `where` is the week it concerns, or empty."""

    where: str
    problem: str
    advice: str


@dataclass(frozen=True, slots=True)
class FormAlarms:
    """The alarms of one version and form.

    `judged`: whether enough results are counted that some figure has a limit. Without
    them, no alarm says nothing.
    """

    form: str
    notices: tuple[AlarmNotice, ...]
    judged: bool


@dataclass(frozen=True, slots=True)
class Width:
    """Half the width of a form's 90 % range in points, now and with new constants."""

    form: str
    current: float
    proposed: float


@dataclass(frozen=True, slots=True)
class Proposal:
    """Constants that the answers suggest for the next version.

    See docs/instrument.md section 2.4. `over_days` is whether the next version rests on
    people who came back on another day, too; without them, constants only widen.
    """

    current: Constants
    v_trade_off: Fraction
    v_enjoyment: Fraction
    widths: tuple[Width, ...]
    over_days: bool

    @property
    def confirms(self) -> bool:
        """Whether the answers only confirm the constants of the version."""
        return (self.v_trade_off, self.v_enjoyment) == (
            self.current.v_trade_off,
            self.current.v_enjoyment,
        )


@dataclass(frozen=True, slots=True)
class Headline:
    """One row of the index."""

    version: Version
    form: Form
    results: str
    alarms: FormAlarms


@dataclass(frozen=True, slots=True)
class QualityPage:
    results: str
    roles: tuple[str, ...]
    alarms: FormAlarms
    proposal: Proposal | None
    tables: Mapping[str, Table]
    answers: Bars
    weeks: Chart
    leans: Chart
    answer_names: tuple[tuple[str, str], ...]
    kind_names: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class _Figures:
    """The statistics of one version and form."""

    questionnaire: Definition
    sums: Sums
    quality: Quality
    blocks: list[WeeksBlock]  # those with results


def _figures(version: Version, form: str, *, since: date, until: date) -> _Figures:
    only = version.pk, form
    shown = sum_queries.published_blocks(since=since, until=until, only=only)
    return _figures_of(version, form, shown.get(only, []))


def _figures_of(
    version: Version, form: str, shown_blocks: list[WeeksBlock]
) -> _Figures:
    questionnaire = versions.questionnaire_of(version)
    sums = sum_queries.sum_of(shown_blocks)
    return _Figures(
        questionnaire,
        sums,
        quality(questionnaire, form, sums),
        [block for block in shown_blocks if block.sums.outcomes],
    )


def form_alarms(version: Version, form: str, *, since: date, until: date) -> FormAlarms:
    """The alarms about the weeks from that of `since` to that of `until`."""
    return _alarms(form, _figures(version, form, since=since, until=until))


def _alarms(form: str, figures: _Figures) -> FormAlarms:
    return FormAlarms(
        form,
        tuple(_notices(figures)),
        figures.sums.outcomes.total() >= MIN_FOR_ITEM,
    )


def uncounted(*, now: datetime) -> str:
    """How many results wait to be counted, in words, or "".

    Fewer than ten are not told from none: a page would tell who has just finished.
    """
    n = sum_queries.results_waiting(settled_before=now - SETTLED)
    or_more = " or more" if n == sum_queries.MAX_WAITING else ""
    return f"{people_cell(n).text}{or_more} results" if n >= MIN_CELL else ""


def quality_page(
    version: Version, form: str, *, since: date, until: date
) -> QualityPage:
    """The quality of one version and form, in the weeks of `since` to `until`."""
    figures = _figures(version, form, since=since, until=until)
    questionnaire, sums = figures.questionnaire, figures.sums
    statistics = figures.quality
    page_tables = (
        tables.questions_table(questionnaire, statistics),
        tables.answers_table(statistics),
        tables.scales_table(questionnaire, statistics),
        tables.lean_table(statistics, _assumed_se(questionnaire, form)),
        tables.outcomes_table(questionnaire, statistics, sums.outcomes),
        tables.weeks_table(questionnaire, figures.blocks),
        tables.leans_table(questionnaire, sums.leans),
        wishes_table(questionnaire, sums.wishes),
        turnout_table(questionnaire, sums.turnout),
        prediction_table(sums.turnout),
    )
    return QualityPage(
        results=people_cell(sums.outcomes.total()).text,
        roles=tuple(role.name for role in questionnaire.roles),
        alarms=_alarms(form, figures),
        proposal=proposal(version, questionnaire, statistics),
        tables={table.name: table for table in page_tables},
        answers=charts.answer_bars(
            (item.item.id, item.options) for item in statistics.items
        ),
        weeks=charts.week_columns(
            {
                block.first: tables.week_shares(block.sums.outcomes)
                for block in figures.blocks
            }
        ),
        leans=charts.lean_columns(tables.bins(sums.leans)),
        answer_names=tuple(
            zip(charts.ANSWER_FILLS, tables.ANSWER_POSITIONS, strict=True)
        ),
        kind_names=tuple(tables.kind_words(questionnaire).items()),
    )


def headlines(*, since: date, until: date) -> list[Headline]:
    """Every version and form with results in these weeks, newest first."""
    shown = sum_queries.published_blocks(since=since, until=until)
    rows = [
        (version, form, _figures_of(version, form, shown[version.pk, form]))
        for version in versions.all_versions()
        for form in Form
        if (version.pk, form) in shown
    ]
    return [
        Headline(
            version,
            form,
            people_cell(figures.sums.outcomes.total()).text,
            _alarms(form, figures),
        )
        for version, form, figures in rows
    ]


def proposal(
    version: Version, questionnaire: Definition, statistics: Quality
) -> Proposal | None:
    """Constants that the answers to the full form suggest, if any.

    The same constants are worth a version where the answers show what nobody knew of
    them: that they hold within one sitting, or from day to day.
    """
    v_trade_off = statistics.lean.proposed_v_trade_off
    v_enjoyment = statistics.lean.proposed_v_enjoyment
    if v_trade_off is None or v_enjoyment is None:
        return None
    constants, widths = questionnaire.constants, []
    for form in Form:
        scales = form_scales(questionnaire, form)
        if scales.lean is not None:
            proposed_squared = constants.band_z_squared * se_squared(
                constants, scales, v_trade_off, v_enjoyment
            )
            widths.append(
                Width(
                    form.label,
                    sqrt(constants.band_z_squared * scales.lean.se_squared),
                    sqrt(proposed_squared),
                )
            )
    newly_steady = statistics.lean.steadiness_known and not version.steadiness_measured
    suggested = Proposal(
        constants,
        v_trade_off,
        v_enjoyment,
        tuple(widths),
        # Wider constants are still those that held from day to day.
        over_days=newly_steady or version.steadiness_measured,
    )
    nothing_new = version.consistency_measured and not newly_steady
    return None if suggested.confirms and nothing_new else suggested


def _assumed_se(questionnaire: Definition, form: str) -> float | None:
    lean = form_scales(questionnaire, form).lean
    return sqrt(lean.se_squared) if lean is not None else None


def _notices(figures: _Figures) -> Iterator[AlarmNotice]:
    for alarm in figures.quality.alarms:
        yield AlarmNotice("", *sentence(alarm, figures.questionnaire))
    for before, after in pairwise(figures.blocks):
        for alarm in shifts(before.sums.outcomes, after.sums.outcomes):
            yield AlarmNotice(
                f"From the week of {date_format(after.first, 'F j, Y')}",
                *sentence(alarm, figures.questionnaire),
            )
