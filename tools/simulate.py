"""Computes every simulated figure that the method page and docs/instrument.md give.

Prints each beside the published one of assessments/defaults/simulated.json, and fails
where one differs by more than half a point. `--write` publishes the new ones.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from assessments.defaults import default_questionnaire
from assessments.defaults.simulated import SIMULATED
from assessments.engine.parts import FULL, SHORT
from assessments.engine.simulation import (
    BASE,
    Conditions,
    Figures,
    simulate,
    wrong_by_counting,
)

SEED = 7
# The runs under stress, each one or two differences from the base model. With
# reading_sd 1.7 and 2.2, answers vary about 1.2 and 1.5 times as much as V_T assumes.
STRESS = {
    "no response styles": Conditions(yes_sd=0, extreme_sd=0, side_sd=0, image_sd=0),
    "answers vary more": Conditions(reading_sd=1.7),
    "answers vary much more": Conditions(reading_sd=2.2),
    "one answer in ten is a slip": Conditions(slips=0.1),
    "mood of the sitting": Conditions(sitting_sd=0.5),
    "strong mood of the sitting": Conditions(sitting_sd=1.0),
    "strong yes-saying": Conditions(yes_sd=1.2),
    "strong pull to one button side": Conditions(side_sd=0.6),
    "strong image care": Conditions(image_sd=1.0),
    "yes-saying and image care": Conditions(yes_sd=1.2, image_sd=1.0),
    # By chance, statements of that spread tilt a form by about a quarter of a pull.
    "badly matched statements": Conditions(matching_sd=0.6, wording=0.25),
    "product sounds a bit better": Conditions(wording=0.3),
    "product sounds clearly better": Conditions(wording=0.5),
    "extreme styles": Conditions(extreme_sd=0.6),
    "everybody avoids the ends": Conditions(stretch=-0.4),
    "everybody goes to the ends": Conditions(stretch=0.4),
    "interests that go together": Conditions(pulls_correlate=0.6),
    "interests that do not": Conditions(pulls_correlate=0.0),
    "lines of a role much alike": Conditions(line_sd=0.4),
    "lines of a role far apart": Conditions(line_sd=1.2),
    "varied answers and a mood": Conditions(reading_sd=1.7, sitting_sd=0.5),
    "varied answers, better product": Conditions(reading_sd=1.7, wording=0.3),
}
# Runs that are not about attentive people without a wish.
RANDOM_FROM = 13  # the question, counted from 1
CLICKERS = Conditions(random_from=0)
TIRED = Conditions(random_from=RANDOM_FROM - 1)
WISHING = Conditions(wish=1.0)

OF_A_FORM = (
    "clear_share",
    "leans_share",
    "both_share",
    "close_share",
    "low_both_share",
    "right_if_forced",
    "wrong_if_forced",
    "right_near_the_middle",
    "right_when_clear",
    "right_when_leans",
    "clear_but_wrong",
    "clear_of_balanced",
    "r_squared",
)
OF_STRESS = (
    "right_if_forced",
    "right_when_clear",
    "clear_but_wrong",
    "clear_of_balanced",
    "answer_variance",
    "mean_step",
)
RUNS = {
    "full": (FULL, BASE, OF_A_FORM),
    "short": (SHORT, BASE, OF_A_FORM),
    "clickers": (FULL, CLICKERS, ("clear_share", "leans_share")),
    "tired": (FULL, TIRED, ("clear_share",)),
    "wishing": (FULL, WISHING, ("clear_but_wrong", "clear_wrong_of_first")),
} | {
    f"stress: {name}": (FULL, conditions, OF_STRESS)
    for name, conditions in STRESS.items()
}
# These run from -2 to 2, the others are percentages.
HUNDREDTHS = {"r_squared", "answer_variance", "mean_step"}


def figures_of(run: str, *, people: int, seed: int) -> dict[str, float]:
    """The published figures of one run, as simulated now."""
    form, conditions, names = RUNS[run]
    found: Figures = simulate(
        default_questionnaire(),
        form=form,
        people=people,
        seed=seed,
        conditions=conditions,
    )
    return {name: getattr(found, name) for name in names}


def counting(*, people: int, seed: int) -> dict[str, float]:
    """The figure of a quiz that counts agreements."""
    wrong = wrong_by_counting(default_questionnaire(), people=people, seed=seed)
    return {"wrong_if_forced": wrong}


def points_between(name: str, one: float, other: float) -> float:
    """The difference in percentage points; of r² and of variances, in hundredths."""
    return (one - other) * (100 if name in HUNDREDTHS else 1)


def all_figures(*, people: int, seed: int) -> Iterator[tuple[str, dict[str, float]]]:
    """Four times as many people take the base runs: a fifth of them are balanced."""
    for run, (_, conditions, _) in RUNS.items():
        times = 4 if conditions == BASE else 1
        yield run, figures_of(run, people=times * people, seed=seed)
    yield "counting", counting(people=people, seed=seed)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--write", action="store_true", help="publish the new figures")
    options = parser.parse_args()
    published = json.loads(SIMULATED.read_bytes())["runs"] if SIMULATED.exists() else {}
    found, worst = {}, 0.0
    for run, figures in all_figures(people=options.people, seed=options.seed):
        found[run] = {name: round(value, 3) for name, value in figures.items()}
        for name, value in figures.items():
            before = published.get(run, {}).get(name, 0.0)
            difference = points_between(name, value, before)
            worst = max(worst, abs(difference))
            print(
                f"{run:38} {name:22} {value:7.3f}  "
                f"published {before:7.3f}  {difference:+.2f}",
                flush=True,
            )
    print(f"largest difference: {worst:.2f} points")
    if options.write:
        data = {
            "questionnaire": default_questionnaire().sha256,
            "people": options.people,
            "random_from": RANDOM_FROM,
            "runs": found,
        }
        SIMULATED.write_text(json.dumps(data, indent=2) + "\n")
    elif worst > 0.5:
        sys.exit(1)
