"""What the simulation found about the default questionnaire.

simulated.json is the one place of these figures. `tools/simulate.py --write` makes it,
the method page prints it, and tests simulate again (docs/instrument.md section 3).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from assessments.defaults import default_questionnaire

SIMULATED = Path(__file__).with_name("simulated.json")
STRESS = "stress: "  # begins the names of the runs under stress


@dataclass(frozen=True, slots=True)
class Simulated:
    """The figures of all runs. Shares are percentages."""

    questionnaire: str  # SHA-256 of the definition that simulated people took
    people: int  # in each run, at least
    random_from: int  # the question from which the run "tired" clicks at random
    runs: dict[str, dict[str, float]]

    @property
    def stress_runs(self) -> int:
        return len(self._under_stress("right_when_clear"))

    @property
    def right_when_clear(self) -> tuple[float, float]:
        """The lowest and the highest share over the runs under stress."""
        shares = self._under_stress("right_when_clear")
        return min(shares), max(shares)

    @property
    def clear_but_wrong(self) -> tuple[float, float]:
        """The lowest and the highest share over the runs under stress."""
        shares = self._under_stress("clear_but_wrong")
        return min(shares), max(shares)

    @property
    def answers_vary(self) -> float:
        """At most how many times the variance that the questionnaire assumes."""
        assumed = default_questionnaire().constants.v_trade_off
        return max(self._under_stress("answer_variance")) / float(assumed)

    def _under_stress(self, figure: str) -> list[float]:
        return [
            figures[figure]
            for run, figures in self.runs.items()
            if run.startswith(STRESS)
        ]


@cache
def simulated() -> Simulated:
    return Simulated(**json.loads(SIMULATED.read_bytes()))
