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

from assessments.engine import Constants, Definition
from assessments.engine.consistency import se_squared
from assessments.engine.quality import Quality, quality, shifts
from assessments.engine.scales import form_scales
from assessments.engine.sums import WEEK, Sums
from assessments.models import Form, Version
from assessments.quality import charts
from assessments.quality import tables as table_quality
from assessments.quality.alarms import sentence
from assessments.quality.cells import Table, people
from assessments.quality.charts import Bars, Chart
from assessments.queries import sums as sum_queries
from assessments.queries import versions


@dataclass(frozen=True, slots=True)
class Notice:
    """An alarm in words; `where` is empty, or the week that it is about."""

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
    """Constants that the answers suggest for the next version (docs/instrument.md section 2.4)."""

    now: Constants
    v_trade_off: Fraction
    v_enjoyment: Fraction
    widths: tuple[Width, ...]

    @property
    def confirms(self) -> bool:
        """Whether the answers only say that what the version assumes is right."""
        return (self.v_trade_off, self.v_enjoyment) == (
            self.now.v_trade_off,
            self.now.v_enjoyment,
        )


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


@dataclass(frozen=True, slots=True)
class _Figures:
    """What was found out about one version and form."""

    questionnaire: Definition
    sums: Sums
    quality: Quality
    weeks: Mapping[date, Counter[str]]


def _figures(version: Version, form: str, *, since: date, until: date) -> _Figures:
    questionnaire, span = (
        versions.questionnaire_of(version),
        {"since": since, "until": until},
    )
    sums = sum_queries.sums_of(version, form, **span)
    return _Figures(
        questionnaire,
        sums,
        quality(questionnaire, form, sums),
        sum_queries.outcomes_by_week(version, form, **span),
    )


def notices(
    version: Version, form: str, *, since: date, until: date
) -> tuple[Notice, ...]:
    """All that should alarm about the results of the weeks from that of `since` to that of `until`."""
    return tuple(_notices(_figures(version, form, since=since, until=until)))


def quality_page(
    version: Version, form: str, *, since: date, until: date
) -> QualityPage:
    """The quality of one version and form over the results of the weeks from that of `since` to that of `until`."""
    found = _figures(version, form, since=since, until=until)
    questionnaire, sums, its = found.questionnaire, found.sums, found.quality
    tables = (
        table_quality.questions_table(questionnaire, its),
        table_quality.answers_table(its),
        table_quality.scales_table(questionnaire, its),
        table_quality.lean_table(its, _assumed_se(questionnaire, form)),
        table_quality.outcomes_table(questionnaire, its, sums.outcomes),
        table_quality.weeks_table(questionnaire, found.weeks),
        table_quality.leans_table(questionnaire, sums.leans),
    )
    return QualityPage(
        results=people(sums.outcomes.total()).text,
        roles=tuple(role.name for role in questionnaire.roles),
        notices=tuple(_notices(found)),
        proposal=proposal(questionnaire, its, measured=version.constants_measured),
        tables={table.name: table for table in tables},
        answers=charts.bars((each.item.id, each.options) for each in its.items),
        weeks=charts.weeks(
            {
                monday: table_quality.week_shares(outcomes)
                for monday, outcomes in found.weeks.items()
            }
        ),
        leans=charts.leans(table_quality.bins(sums.leans)),
        answer_names=tuple(zip(charts.ANSWERS, table_quality.ANSWERS, strict=True)),
        kind_names=tuple(table_quality.kind_words(questionnaire).items()),
    )


def headlines(*, since: date, until: date) -> list[Headline]:
    """Every version and form that anybody has finished in these weeks, the newest first. Alarms are those of `quality` alone."""
    sums = sum_queries.sums_by_form(since=since, until=until)
    rows = [
        (version, form, sums[version.pk, form])
        for version in versions.all_versions()
        for form in Form
        if (version.pk, form) in sums
    ]
    return [
        Headline(
            version,
            form,
            people(its.outcomes.total()).text,
            len(quality(versions.questionnaire_of(version), form, its).alarms),
        )
        for version, form, its in rows
    ]


def proposal(
    questionnaire: Definition, found: Quality, *, measured: bool
) -> Proposal | None:
    """Constants where the answers to the full form suggest others than the version has, or confirm what it only assumes."""
    v_trade_off, v_enjoyment = (
        found.lean.proposed_v_trade_off,
        found.lean.proposed_v_enjoyment,
    )
    if v_trade_off is None or v_enjoyment is None:
        return None
    constants, widths = questionnaire.constants, []
    for form in Form:
        scales = form_scales(questionnaire, form)
        if scales.lean is not None:
            then = constants.band_z_squared * se_squared(
                constants, scales, v_trade_off, v_enjoyment
            )
            widths.append(
                Width(
                    form.label,
                    sqrt(constants.band_z_squared * scales.lean.se_squared),
                    sqrt(then),
                )
            )
    suggested = Proposal(constants, v_trade_off, v_enjoyment, tuple(widths))
    return None if measured and suggested.confirms else suggested


def _assumed_se(questionnaire: Definition, form: str) -> float | None:
    lean = form_scales(questionnaire, form).lean
    return sqrt(lean.se_squared) if lean is not None else None


def _notices(found: _Figures) -> Iterator[Notice]:
    for alarm in found.quality.alarms:
        yield Notice("", *sentence(alarm, found.questionnaire))
    for (week_before, before), (monday, after) in pairwise(found.weeks.items()):
        for alarm in shifts(before, after) if monday - week_before == WEEK else ():
            yield Notice(
                f"Week from {date_format(monday, 'j F Y')}",
                *sentence(alarm, found.questionnaire),
            )
