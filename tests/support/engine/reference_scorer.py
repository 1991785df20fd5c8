"""A second scorer, written from docs/instrument.md and docs/engine.md alone.

The engine is compared with it. It follows the text sentence by sentence without
shortcuts: everything is a Fraction, and a root is compared with a rational number by
squaring. It shares no code with the engine.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from math import isqrt
from typing import Any

Json = dict[str, Any]

SCORES = (
    "lean",
    "se_squared",
    "z_squared",
    "preference",
    "enjoyment",
    "fit",
    "strengths",
    "doing",
    "wanting",
    "shared_skills",
)
CHANGES = ("to_close", "to_flip", "steps_to_close")
SHOWN = (
    *(
        "lean",
        "half_width_90",
        "band_90",
        "preference",
        "enjoyment",
        "fit",
        "fit_half_width_90",
        "strengths",
        "strength_words",
    ),
    *(
        "doing",
        "wanting",
        "shared_skills",
        "shared_word",
        "certainty",
        "towards",
        "of_two",
    ),
)


def rounded(value: Fraction) -> int:
    """The nearest integer, halves away from zero."""
    whole = (abs(value) * 2 + 1) // 2
    return int(whole) if value >= 0 else -int(whole)


def rounded_root(square: Fraction) -> int:
    """The nearest integer to the root of `square`, halves upwards."""
    nearest = isqrt(square.numerator // square.denominator)
    while (nearest + Fraction(1, 2)) ** 2 <= square:
        nearest += 1
    return nearest


def two_decimals_of_root(square: Fraction) -> str:
    hundredths = rounded_root(square * 10_000)
    return f"{hundredths // 100}.{hundredths % 100:02d}"


def at_least(center: Fraction, sign: int, square: Fraction, bound: Fraction) -> bool:
    """Whether center + sign * root(square) >= bound."""
    gap = bound - center
    return (
        (gap <= 0 or gap**2 <= square) if sign > 0 else (gap <= 0 and gap**2 >= square)
    )


def above(center: Fraction, sign: int, square: Fraction, bound: Fraction) -> bool:
    """Whether center + sign * root(square) > bound, seen in the mirror."""
    return not at_least(-center, -sign, square, -bound)


def rounded_end(center: Fraction, sign: int, square: Fraction) -> int:
    """center + sign * root(square), clipped to ±100, rounded half away from zero."""
    if at_least(center, sign, square, Fraction(100)):
        return 100
    if not above(center, sign, square, Fraction(-100)):
        return -100
    if not at_least(center, sign, square, Fraction(0)):
        return -rounded_end(-center, -sign, square)
    nearest = 0
    while at_least(center, sign, square, nearest + Fraction(1, 2)):
        nearest += 1
    return nearest


def text(value: Fraction | None) -> str | None:
    return None if value is None else str(value)


def texts(values: dict[str, Any]) -> Json:
    return {key: text(value) for key, value in values.items()}


def rounded_all(values: dict[str, Any]) -> Json:
    return {
        key: None if value is None else rounded(value) for key, value in values.items()
    }


def has_run(buttons: list[int | None], length: int) -> bool:
    """Whether one button was pressed on `length` trade-offs in a row.

    A skip or the middle button ends a run.
    """
    run, last = 0, None
    for button in buttons:
        run = 0 if button in (None, 3) else run + 1 if button == last else 1
        last = button
        if run >= length:
            return True
    return False


def greedy_sets(
    order: list[str],
    gain: dict[str, Fraction],
    left: Fraction,
    holds: Callable[[Fraction], bool],
) -> list[list[str] | None]:
    """Section 2.6: the fewest answers to a close call, and the fewest to flip.

    `left` is the lean as the role ahead counts it.
    """
    to_close = None
    taken: list[str] = []
    for name in sorted(order, key=lambda name: -gain[name]):
        left -= gain[name]
        taken.append(name)
        if to_close is None and not (left > 0 and holds(left)):
            to_close = list(taken)
        if left < 0 and holds(left):
            return [to_close, taken]
    return [to_close, None]


def chosen_evidence(contribution: dict[str, Fraction], outcome: str) -> list[list[str]]:
    """Section 2.7 and "Evidence" of docs/engine.md: the ids for and against.

    The largest come first; ties keep the order of the form.
    """
    for_project = sorted(
        (name for name, part in contribution.items() if part > 0),
        key=lambda name: -contribution[name],
    )
    for_product = sorted(
        (name for name, part in contribution.items() if part < 0),
        key=lambda name: contribution[name],
    )
    neutral = [name for name, part in contribution.items() if part == 0]
    if outcome in ("clear_project", "lean_project"):
        return [for_project[:3], for_product[:2] or neutral[:2]]
    if outcome in ("clear_product", "lean_product"):
        return [for_product[:3], for_project[:2] or neutral[:2]]
    return [for_project[:2], for_product[:2]]


def reply(definition: Json, sha256: str, request: Json) -> Json:
    constants = definition["constants"]
    v_t, v_e = Fraction(constants["v_trade_off"]), Fraction(constants["v_enjoyment"])
    w_t, w_e = (
        Fraction(constants["trade_off_weight"]),
        Fraction(constants["enjoyment_weight"]),
    )
    band_z_squared = Fraction(constants["band_z_squared"])
    form = request["form"]
    limits = constants["forms"][form]
    project, product = (role["slug"] for role in definition["roles"])
    strength_of = {strength["slug"]: strength for strength in definition["strengths"]}
    pressed = {
        question: button
        for question, button in request["answers"].items()
        if button is not None
    }

    # 2.1 from buttons to answers, in the order of the form
    buttons: list[int | None] = []
    order: list[str] = []
    a: dict[str, int] = {}
    kind: dict[str, str] = {}
    x: dict[str, dict[str, int]] = {project: {}, product: {}}
    shared: list[int] = []
    points: dict[str, list[int]] = {
        strength["slug"]: [] for strength in definition["strengths"]
    }
    for section in definition["sections"]:
        if form == "short" and not section["in_short"]:
            continue
        for question in section["questions"]:
            name = question["id"]
            button = pressed.get(name)
            if section["kind"] == "trade_off":
                buttons.append(button)
            if button is None:
                continue
            if section["kind"] == "shared":
                shared.append(button)
                continue
            order.append(name)
            if section["kind"] == "trade_off":
                a[name] = 3 - button if question["side"] == "left" else button - 3
                kind[name] = strength_of[question["project"]["strength"]]["kind"]
                points[question["project"]["strength"]].append(2 + a[name])
                points[question["product"]["strength"]].append(2 - a[name])
            else:
                x[strength_of[question["strength"]]["role"]][name] = button
                points[question["strength"]].append(button)

    n, n_j, n_d = len(a), len(x[project]), len(x[product])
    answered = n + n_j + n_d + len(shared)
    result: Json = {
        "version": sha256,
        "form": form,
        "provisional": form == "short",
        "trade_offs_answered": n,
    }

    # 2.5 rule 1
    if (
        n < limits["least_trade_offs"]
        or n_j < limits["least_enjoyment"]
        or n_d < limits["least_enjoyment"]
    ):
        return {
            **result,
            **dict.fromkeys((*SCORES, *CHANGES)),
            **{
                "outcome": "too_few",
                "split": False,
                "scatter": False,
                "evidence": [],
                "against": [],
                "shown": dict.fromkeys(SHOWN),
            },
        }

    # 2.2 scores
    total = sum(a.values())
    preference = {project: 50 + Fraction(25 * total, n)}
    preference[product] = 100 - preference[project]
    enjoyment = {
        role: Fraction(25 * sum(x[role].values()), len(x[role]))
        for role in (project, product)
    }
    fit = {
        role: w_t * preference[role] + w_e * enjoyment[role]
        for role in (project, product)
    }
    lean = fit[project] - fit[product]
    se_squared = (50 * w_t) ** 2 * v_t / n + (25 * w_e) ** 2 * v_e * (
        Fraction(1, n_j) + Fraction(1, n_d)
    )
    se_fit_squared = {
        role: (25 * w_t) ** 2 * v_t / n + (25 * w_e) ** 2 * v_e / len(x[role])
        for role in (project, product)
    }
    z_squared = lean**2 / se_squared

    strengths: dict[str, Fraction | None] | None = None
    doing = wanting = readiness = None
    split = False
    if form == "full":
        strengths = {}
        for strength in definition["strengths"]:
            if strength["kind"] == "key":
                earned = points[strength["slug"]]
                strengths[strength["name"]] = (
                    Fraction(100 * sum(earned), 4 * len(earned))
                    if len(earned) >= 2
                    else None
                )
        of_strengths = [a[name] for name in a if kind[name] == "key"]
        of_interests = [a[name] for name in a if kind[name] == "interest"]
        n_s, n_i = len(of_strengths), len(of_interests)
        if n_s >= 6 and n_i >= 3:
            doing = Fraction(50 * sum(of_strengths), n_s)
            wanting = (
                Fraction(50 * sum(of_interests), n_i)
                + enjoyment[project]
                - enjoyment[product]
            ) / 2
            noise = (
                2500 * v_t / n_s
                + (2500 * v_t / n_i + 625 * v_e * (Fraction(1, n_j) + Fraction(1, n_d)))
                / 4
            )
            split = (
                doing * wanting < 0 and (doing - wanting) ** 2 >= band_z_squared * noise
            )
        if len(shared) >= 4:
            readiness = Fraction(100 * sum(shared), 4 * len(shared))

    # 2.5 rules 2 to 7
    def holds(which: str, value: Fraction) -> bool:
        z2, floor = (
            Fraction(constants[f"{which}_z_squared"]),
            Fraction(constants[f"{which}_floor"]),
        )
        return value**2 / se_squared >= z2 and abs(value) >= floor

    side = "project" if lean > 0 else "product"
    seconds = request.get("seconds")
    too_fast = (
        seconds is not None
        and seconds < Fraction(constants["seconds_per_question"]) * answered
    )
    if too_fast or has_run(buttons, limits["careless_run"]):
        outcome = "careless"
    elif all(
        score <= Fraction(constants["low_enjoyment"]) for score in enjoyment.values()
    ):
        outcome = "low_both"
    elif holds("clear", lean):
        outcome = f"clear_{side}"
    elif holds("leans", lean):
        outcome = f"lean_{side}"
    elif all(
        score >= Fraction(constants["high_enjoyment"]) for score in enjoyment.values()
    ):
        outcome = "both"
    else:
        outcome = "close"
    names_a_role = outcome.startswith(("clear_", "lean_"))
    scatter = n * sum(value**2 for value in a.values()) - total**2 > 2 * n * (n - 1)

    # 2.6 what would change the result
    to_close = to_flip = steps = None
    if names_a_role:
        gain: dict[str, Fraction] = {}
        for name in order:
            if name in a:
                gain[name] = 50 * w_t / n * (2 + a[name] if lean > 0 else 2 - a[name])
            else:
                role = project if name in x[project] else product
                ahead = project if lean > 0 else product
                gain[name] = (
                    25
                    * w_e
                    / len(x[role])
                    * (x[role][name] if role == ahead else 4 - x[role][name])
                )
        to_close, to_flip = greedy_sets(
            order, gain, abs(lean), lambda value: holds("leans", value)
        )
        steps = 0
        while (rest := abs(lean) - 50 * w_t * steps / n) > 0 and holds("leans", rest):
            steps += 1

    # 2.7 evidence answers
    contribution: dict[str, Fraction] = {}
    for name in order:
        if name in a:
            contribution[name] = 50 * w_t * a[name] / n
        elif name in x[project]:
            contribution[name] = 25 * w_e * (x[project][name] - 2) / n_j
        else:
            contribution[name] = -25 * w_e * (x[product][name] - 2) / n_d
    evidence, against = chosen_evidence(contribution, outcome)

    def listed(names: list[str]) -> list[Json]:
        return [
            {
                "question": name,
                "answer": pressed[name],
                "contribution": str(contribution[name]),
            }
            for name in names
        ]

    towards = None if lean == 0 else project if lean > 0 else product
    certainty = "too close to say"
    for which, words in (
        ("leans", "about 4 in 5"),
        ("clear", "about 19 in 20"),
        ("sure", "about 99 in 100"),
    ):
        if z_squared >= Fraction(constants[f"{which}_z_squared"]):
            certainty = words
    pull_words = shared_word = None
    if strengths is not None:
        strong, weak = (
            Fraction(constants["strong_pull"]),
            Fraction(constants["weak_pull"]),
        )
        pull_words = {
            name: None
            if score is None
            else "strong pull"
            if score >= strong
            else "weak pull"
            if score <= weak
            else "some pull"
            for name, score in strengths.items()
        }
    if readiness is not None:
        shared_word = (
            "steady habits"
            if readiness >= 75
            else "growing"
            if readiness >= 50
            else "worth building"
        )
    shown = {
        "lean": rounded(lean),
        "half_width_90": two_decimals_of_root(band_z_squared * se_squared),
        "band_90": [
            rounded_end(lean, sign, band_z_squared * se_squared) for sign in (-1, 1)
        ],
        **{
            "preference": rounded_all(preference),
            "enjoyment": rounded_all(enjoyment),
            "fit": rounded_all(fit),
        },
        "fit_half_width_90": {
            role: rounded_root(band_z_squared * square)
            for role, square in se_fit_squared.items()
        },
        "strengths": None if strengths is None else rounded_all(strengths),
        "strength_words": pull_words,
        **rounded_all({"doing": doing, "wanting": wanting, "shared_skills": readiness}),
        **{"shared_word": shared_word, "certainty": certainty, "towards": towards},
        "of_two": towards
        if outcome == "low_both" and (holds("clear", lean) or holds("leans", lean))
        else None,
    }
    return {
        **result,
        **{
            "outcome": outcome,
            "lean": str(lean),
            "se_squared": str(se_squared),
            "z_squared": str(z_squared),
        },
        **{
            "preference": texts(preference),
            "enjoyment": texts(enjoyment),
            "fit": texts(fit),
        },
        "strengths": None if strengths is None else texts(strengths),
        **texts({"doing": doing, "wanting": wanting, "shared_skills": readiness}),
        **{
            "split": split,
            "scatter": scatter,
            "to_close": to_close,
            "to_flip": to_flip,
            "steps_to_close": steps,
        },
        **{"evidence": listed(evidence), "against": listed(against), "shown": shown},
    }
