"""Labels and help for the constants of scoring (docs/instrument.md section 2)."""

from __future__ import annotations

CONSTANT_GROUPS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    (
        "How answers are weighed",
        "How much each kind of question moves the result. "
        "Write fractions such as 3/4 or decimals such as 0.75.",
        ("trade_off_weight", "enjoyment_weight", "v_trade_off", "v_enjoyment"),
    ),
    (
        "When a result counts as leaning, clear, or sure",
        "z² says how sure a result is. It’s the lean squared, divided by its squared "
        "standard error. 0.7 means about 4 chances in 5, 2.7 about 19 in 20, and 5.4 "
        "about 99 in 100.",
        (
            "leans_z_squared",
            "leans_floor",
            "clear_z_squared",
            "clear_floor",
            "sure_z_squared",
            "stop_z_squared",
            "band_z_squared",
        ),
    ),
    (
        "Words for enjoyment and strengths",
        "Limits on a scale from 0 to 100.",
        ("low_enjoyment", "high_enjoyment", "weak_pull", "strong_pull", "rank_gap"),
    ),
    (
        "When there is no result: full form",
        "With fewer answers than these, we ask for more. If answers come faster, or "
        "this many in a row use the same button, we show no scores.",
        (
            "full_least_trade_offs",
            "full_least_enjoyment",
            "full_careless_run",
            "seconds_per_question",
        ),
    ),
    (
        "When there is no result: short form",
        "The same limits for the short form. It shares the seconds of the full form.",
        ("short_least_trade_offs", "short_least_enjoyment", "short_careless_run"),
    ),
)

CONSTANT_LABELS = {
    "trade_off_weight": "Weight of the trade-offs",
    "enjoyment_weight": "Weight of the enjoyment questions",
    "v_trade_off": "Error of one trade-off answer (V_T)",
    "v_enjoyment": "Error of one enjoyment answer (V_E)",
    "leans_z_squared": "How sure a result must be for “leans” (z²)",
    "leans_floor": "Smallest lean for “leans”",
    "clear_z_squared": "How sure a result must be for “clear” (z²)",
    "clear_floor": "Smallest lean for “clear”",
    "sure_z_squared": "How sure a result must be for “99 in 100” (z²)",
    "stop_z_squared": "How sure a result must be for the offer to stop (z²)",
    "band_z_squared": "Width of the band (z²)",
    "low_enjoyment": "Low interest (at most)",
    "high_enjoyment": "High interest (at least)",
    "weak_pull": "Weak pull (at most)",
    "strong_pull": "Strong pull (at least)",
    "rank_gap": "Gap before strengths are ranked",
    "seconds_per_question": "Fewest seconds per question",
    **{
        f"{form}_{name}": words
        for form in ("full", "short")
        for name, words in (
            ("least_trade_offs", "Fewest trade-offs answered"),
            ("least_enjoyment", "Fewest enjoyment answers for each role"),
            ("careless_run", "Same button in a row"),
        )
    },
}

CONSTANT_HELP = {
    "trade_off_weight": "The two weights add up to 1.",
    "enjoyment_weight": (
        "Enjoyment questions show what trade-offs can’t: low interest in both roles, "
        "or liking both."
    ),
    "v_trade_off": (
        "How far one answer typically strays from the person’s average answer, in "
        "buttons, squared. A larger value makes every band wider."
    ),
    "v_enjoyment": "The same for one enjoyment answer.",
    "leans_z_squared": "Below this, the result is a close call.",
    "leans_floor": (
        "In points from 0 to 100. A lean must reach both limits, so we don’t name a "
        "tiny one."
    ),
    "clear_z_squared": "Below this, a result may lean, but it isn’t clear.",
    "clear_floor": "In points from 0 to 100. A lean must reach both limits.",
    "sure_z_squared": "From this value on, the words are “about 99 in 100”.",
    "stop_z_squared": (
        "After the short part of the full form, we offer a result this sure right away."
    ),
    "band_z_squared": "2.7 draws the 90% band.",
    "low_enjoyment": "Both roles at or below this: “low interest in both”.",
    "high_enjoyment": ("Both roles at or above this, and no lean: “you’d enjoy both”."),
    "weak_pull": "A strength at or below this reads “weak pull”.",
    "strong_pull": "A strength at or above this reads “strong pull”.",
    "rank_gap": "Two strengths closer than this are not ranked in words.",
    "seconds_per_question": (
        "If answers come faster than this on average, we show no scores."
    ),
    **dict.fromkeys(
        ("full_careless_run", "short_careless_run"),
        "How many trade-offs in a row have the same button, other than the middle one. "
        "From this number on, the answers count as careless.",
    ),
}
