"""Simulated people who answer twice: the truth that "same side again" is held against.

The model is that of docs/instrument.md section 3, with the sizes of
assessments/engine/simulation.py, for many people at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from assessments.engine.parts import ENJOYMENT, SHARED_SKILL, TRADE_OFF
from assessments.engine.questionnaire import Definition
from assessments.engine.simulation import BASE, ENJOYMENT_BOUNDS, FAR, NEAR
from tests.support.engine.cases import Answers

# Of a reading, this much is stable: what one person thinks of one statement.
QUIRK_SD = 0.8
MOMENT_SD = np.sqrt(BASE.reading_sd**2 - QUIRK_SD**2)
# Standard normal liking at which "rarely", "sometimes", "often" and "almost always"
# begin for shared skills: 2 in 100 people say "never".
HABIT_BOUNDS = (-2.05, -1.2, -0.2, 0.8)


class Sittings(NamedTuple):
    """The buttons of one sitting by question, one a person, and the leans in points."""

    buttons: dict[str, np.ndarray]
    leans: np.ndarray

    def people(self, places: slice = slice(None)) -> list[Answers]:
        columns = [column[places].tolist() for column in self.buttons.values()]
        return [
            dict(zip(self.buttons, row, strict=True))
            for row in zip(*columns, strict=True)
        ]


def two_sittings(
    questionnaire: Definition,
    form: str,
    *,
    count: int,
    seed: int,
    same_statements: bool,
    day_sd: float = 0,
) -> tuple[Sittings, Sittings]:
    """The same people twice: same likes of the article's lines, same styles.

    With `same_statements` they answer the same questions on another day, and keep what
    is theirs about a statement. Without, they answer a form with other statements about
    the same lines, each as unequally worded as those of the first. `day_sd` is how far
    a day moves the pull to one role, in units of a pull.
    """
    chance = np.random.default_rng(seed)
    normal = chance.standard_normal
    first_role = questionnaire.roles[0].slug
    lines = {line.slug: line.role for line in questionnaire.strengths if line.role}
    common, own = (
        np.sqrt(BASE.pulls_correlate) * normal(count),
        np.sqrt(1 - BASE.pulls_correlate),
    )
    pulls = {role.slug: common + own * normal(count) for role in questionnaire.roles}
    likes = {
        slug: pulls[role] + BASE.line_sd * normal(count) for slug, role in lines.items()
    }
    stretch = np.exp(BASE.extreme_sd * normal(count))
    yes, side, habit = BASE.yes_sd * normal(count), BASE.side_sd * normal(count), 0.0
    image = 1 + np.abs(BASE.image_sd * normal(count))
    habit = normal(count)
    kept: dict[str, np.ndarray | float] = {}

    def sitting() -> Sittings:
        day = day_sd * normal(count)

        def felt(place: str, slug: str) -> np.ndarray:
            """How much each person likes a statement at this reading."""
            if not (same_statements and place in kept):
                sound = chance.normal(0, BASE.matching_sd)
                kept[place] = QUIRK_SD * normal(count) + image * sound
            towards = day / 2 if lines[slug] == first_role else -day / 2
            moment = MOMENT_SD * normal(count)
            return likes[slug] + towards + kept[place] + moment

        buttons, lean = {}, np.zeros(count)
        questions = questionnaire.questions_of(form)
        for question in questions:
            alike = [
                each
                for each in questions
                if each.kind == question.kind
                and (
                    question.kind == TRADE_OFF
                    or lines.get(each.statement.strength)
                    == lines.get(question.statement.strength)
                )
            ]
            if question.kind == TRADE_OFF:
                project, product = (
                    felt(place, statement.strength)
                    for place, statement in zip(
                        question.statement_names, question.statements, strict=True
                    )
                )
                sign = 1 if question.side == "left" else -1
                left = stretch * (sign * (project - product) + side)
                steps = (np.abs(left) >= NEAR) * 1 + (np.abs(left) >= FAR)
                steps = np.where(left > 0, steps, -steps)
                buttons[question.id] = 3 - steps
                lean += 37.5 * sign * steps / len(alike)
            elif question.kind == ENJOYMENT:
                slug = question.statement.strength
                liking = stretch * (felt(question.id, slug) + yes)
                given = at_least(liking, ENJOYMENT_BOUNDS)
                buttons[question.id] = given
                sign = 1 if lines[slug] == first_role else -1
                lean += 6.25 * sign * given / len(alike)
            elif question.kind == SHARED_SKILL:
                liking = np.sqrt(0.4) * habit + np.sqrt(0.6) * normal(count)
                buttons[question.id] = at_least(liking, HABIT_BOUNDS)
        return Sittings(buttons, lean)

    return sitting(), sitting()


def at_least(liking: np.ndarray, bounds: Sequence[float]) -> np.ndarray:
    """The answers from 0 up: how many of the bounds each liking reaches."""
    return np.sum([liking >= bound for bound in bounds], axis=0)


def same_side(
    first: np.ndarray, second: np.ndarray, named_from: float
) -> tuple[float, float]:
    """The share of people on the same side twice (or undecided twice), and kappa."""
    one, other = (
        np.sign(leans) * (np.abs(leans) >= named_from) for leans in (first, second)
    )
    share = float(np.mean(one == other))
    by_chance = sum(
        float(np.mean(one == place) * np.mean(other == place)) for place in (-1, 0, 1)
    )
    return share, (share - by_chance) / (1 - by_chance)
