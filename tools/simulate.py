"""Prints simulated figures of the default questionnaire beside the published ones.

The published ones are those of docs/instrument.md, table 3.1.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from assessments.defaults import default_questionnaire
from assessments.engine.simulation import Figures, simulate

PUBLISHED = {
    "full": {
        "right_if_forced": 87.2,
        "right_near_the_middle": 86.1,
        "clear_share": 48.8,
        "leans_share": 25.1,
        "close_share": 26.1,
        "right_when_clear": 98.8,
        "right_when_leans": 88.1,
        "clear_but_wrong": 0.60,
        "r_squared": 0.828,
    },
    "short": {
        "right_if_forced": 85.2,
        "right_near_the_middle": 82.5,
        "clear_share": 41.1,
        "leans_share": 26.4,
        "close_share": 32.6,
        "right_when_clear": 98.5,
        "right_when_leans": 88.2,
        "clear_but_wrong": 0.62,
        "r_squared": 0.777,
    },
}


def differences(form: str, figures: Figures) -> dict[str, float]:
    """Simulated less published figures: percentage points; r squared in hundredths."""
    gaps = {
        name: getattr(figures, name) - published
        for name, published in PUBLISHED[form].items()
    }
    return gaps | {"r_squared": 100 * gaps["r_squared"]}


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    worst = 0.0
    for form in PUBLISHED:
        figures = simulate(
            default_questionnaire(), form=form, people=options.people, seed=options.seed
        )
        for name, difference in differences(form, figures).items():
            print(
                f"{form:6} {name:22} {getattr(figures, name):7.3f}  "
                f"published {PUBLISHED[form][name]:7.3f}  {difference:+.2f}"
            )
            worst = max(worst, abs(difference))
    print(f"largest difference: {worst:.2f} points")
    sys.exit(worst > 1)
