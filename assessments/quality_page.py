"""Everything that one quality page shows: what should alarm, tables, charts, and constants for the next version."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import pairwise
from math import sqrt

from django.utils.formats import date_format

from assessments import charts, quality_queries, quality_tables, queries
from assessments.alarm_words import sentence
from assessments.charts import WEEK, Bars, Chart
from assessments.engine import Constants, Questionnaire
from assessments.engine.consistency import se_squared
from assessments.engine.functioning import Difference, differences
from assessments.engine.quality import Quality, quality, shifts
from assessments.engine.scales import scales_of
from assessments.models import Form, Version
from assessments.tables import Table, people


@dataclass(frozen=True, slots=True)
class Notice:
    """An alarm in words; `where` is empty, or the week or groups that it is about."""

    where: str
    what: str
    do: str


@dataclass(frozen=True, slots=True)
class Width:
    """Half the width of a form's 90 % range in points, as this version has it and as the new constants would."""

    form: str
    now: float
    then: float


@dataclass(frozen=True, slots=True)
class Proposal:
    """Constants that the answers suggest for the next version (INSTRUMENT.md section 2.4)."""

    now: Constants
    v_trade_off: Fraction
    v_enjoyment: Fraction
    widths: tuple[Width, ...]


@dataclass(frozen=True, slots=True)
class Headline:
    """One row of the index."""

    version: Version
    form: Form
    results: str
    alarms: int


@dataclass(frozen=True, slots=True)
class QualityPage:
    results: str
    roles: tuple[str, ...]
    notices: tuple[Notice, ...]
    proposal: Proposal | None
    tables: Mapping[str, Table]
    answers: Bars
    weeks: Chart
    leans: Chart
    answer_names: tuple[tuple[str, str], ...]
    kind_names: tuple[tuple[str, str], ...]


def quality_page(version: Version, form: str, *, since: date, until: date) -> QualityPage:
    """The quality of one version and form over the results of these days, both included."""
    questionnaire, span = queries.questionnaire_of(version), {"since": since, "until": until}
    sums = queries.sums_of(version, form, **span)
    weeks = quality_queries.outcomes_by_week(version, form, **span)
    found = quality(questionnaire, form, sums)
    of_groups = differences(questionnaire, form, queries.group_sums_of(version, form, **span))
    tables = (
        quality_tables.questions_table(questionnaire, found),
        quality_tables.answers_table(found),
        quality_tables.scales_table(questionnaire, found),
        quality_tables.lean_table(found, _assumed_se(questionnaire, form)),
        quality_tables.outcomes_table(questionnaire, found, sums.outcomes),
        quality_tables.weeks_table(questionnaire, weeks),
        quality_tables.leans_table(questionnaire, sums.leans),
        quality_tables.groups_table(of_groups),
        quality_tables.differences_table(of_groups),
    )
    return QualityPage(
        results=people(sums.outcomes.total()).text,
        roles=tuple(role.name for role in questionnaire.roles),
        notices=tuple(_notices(questionnaire, found, weeks, of_groups)),
        proposal=proposal(questionnaire, found),
        tables={table.name: table for table in tables},
        answers=charts.bars((each.item.id, each.options) for each in found.items),
        weeks=charts.weeks({monday: quality_tables.week_shares(outcomes) for monday, outcomes in weeks.items()}),
        leans=charts.leans(quality_tables.bins(sums.leans)),
        answer_names=tuple(zip(charts.ANSWERS, quality_tables.ANSWERS, strict=True)),
        kind_names=tuple(quality_tables.kind_words(questionnaire).items()),
    )


def headlines(*, since: date, until: date) -> list[Headline]:
    """Every version and form that anybody has finished on these days, the newest first. Alarms are those of `quality` alone."""
    sums = quality_queries.sums_by_form(since=since, until=until)
    rows = [
        (version, form, sums[version.pk, form]) for version in quality_queries.versions() for form in Form if (version.pk, form) in sums
    ]
    return [
        Headline(version, form, people(its.outcomes.total()).text, len(quality(queries.questionnaire_of(version), form, its).alarms))
        for version, form, its in rows
    ]


def proposal(questionnaire: Questionnaire, found: Quality) -> Proposal | None:
    """New constants where the answers to the full form suggest others than the version has."""
    v_trade_off, v_enjoyment = found.lean.proposed_v_trade_off, found.lean.proposed_v_enjoyment
    constants = questionnaire.constants
    if v_trade_off is None or v_enjoyment is None or (v_trade_off, v_enjoyment) == (constants.v_trade_off, constants.v_enjoyment):
        return None
    widths = []
    for form in Form:
        scales = scales_of(questionnaire, form)
        if scales.lean is not None:
            then = constants.band_z_squared * se_squared(constants, scales, v_trade_off, v_enjoyment)
            widths.append(Width(form.label, sqrt(constants.band_z_squared * scales.lean.se_squared), sqrt(then)))
    return Proposal(constants, v_trade_off, v_enjoyment, tuple(widths))


def _assumed_se(questionnaire: Questionnaire, form: str) -> float | None:
    lean = scales_of(questionnaire, form).lean
    return sqrt(lean.se_squared) if lean is not None else None


def _notices(
    questionnaire: Questionnaire, found: Quality, weeks: Mapping[date, Counter[str]], of_groups: tuple[Difference, ...]
) -> Iterator[Notice]:
    for alarm in found.alarms:
        yield Notice("", *sentence(alarm, questionnaire))
    for (week_before, before), (monday, after) in pairwise(weeks.items()):
        for alarm in shifts(before, after) if monday - week_before == WEEK else ():
            yield Notice(f"Week from {date_format(monday, 'j F Y')}", *sentence(alarm, questionnaire))
    for each in of_groups:
        if each.alarm is not None:
            yield Notice(f"{each.grouping.capitalize()}: {each.group} against {each.reference}", *sentence(each.alarm, questionnaire))
