"""What outside data say of a questionnaire's strengths, for the method page."""

from __future__ import annotations

from dataclasses import dataclass

from assessments.defaults.occupations import BACKED, NOT_BACKED, SUPPORT, THIN, Support
from assessments.engine import Definition
from assessments.results.scoring_facts import number_in_words


@dataclass(frozen=True, slots=True)
class Evidence:
    """Strengths by their names, each with what O*NET says of it."""

    rows: tuple[tuple[str, Support], ...]

    @property
    def strengths(self) -> str:
        return number_in_words(len(self.rows))

    @property
    def backed(self) -> str:
        return self._counted(BACKED)

    @property
    def thin(self) -> str:
        return self._counted(THIN)

    @property
    def not_backed(self) -> str:
        return self._counted(NOT_BACKED)

    def _counted(self, verdict: str) -> str:
        return number_in_words(
            sum(support.verdict == verdict for _, support in self.rows)
        )


def outside_evidence(questionnaire: Definition) -> Evidence:
    """The evidence on those default strengths that the questionnaire still has."""
    names = {line.slug: line.name for line in questionnaire.strengths}
    return Evidence(
        tuple(
            (names[support.strength], support)
            for support in SUPPORT
            if support.strength in names
        )
    )
