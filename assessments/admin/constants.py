"""Labels and help for the constants of scoring (docs/instrument.md section 2)."""

from __future__ import annotations

CONSTANT_GROUPS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    (
        "How answers are weighed",
        "How much each kind of question moves the result. "
        "Write fractions such as 3/4, or decimals such as 0.75.",
        ("trade_off_weight", "enjoyment_weight", "v_trade_off", "v_enjoyment"),
    ),
    (
        "When a result counts as leaning, clear or sure",
        "z² is the lean, squared, divided by its squared standard error: 0.7 is about "
        "4 chances in 5, 2.7 about 19 in 20, 5.4 about 99 in 100.",
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
        "Cut-offs on the scale from 0 to 100.",
        ("low_enjoyment", "high_enjoyment", "weak_pull", "strong_pull", "rank_gap"),
    ),
    (
        "When there is no result: full form",
        "Fewer answers than this and we ask for more; faster or more alike and we "
        "offer a fresh start.",
        (
            "full_least_trade_offs",
            "full_least_enjoyment",
            "full_careless_run",
            "seconds_per_question",
        ),
    ),
    (
        "When there is no result: short form",
        "The same for the short form. The seconds stand with the full form.",
        ("short_least_trade_offs", "short_least_enjoyment", "short_careless_run"),
    ),
)

CONSTANT_LABELS = {
    "trade_off_weight": "Share of the trade-offs",
    "enjoyment_weight": "Share of the enjoyment questions",
    "v_trade_off": "Error of one trade-off answer (V_T)",
    "v_enjoyment": "Error of one enjoyment answer (V_E)",
    "leans_z_squared": "“Leans” from z²",
    "leans_floor": "“Leans” from a lean of",
    "clear_z_squared": "“Clear” from z²",
    "clear_floor": "“Clear” from a lean of",
    "sure_z_squared": "“99 in 100” from z²",
    "stop_z_squared": "Offer to stop early from z²",
    "band_z_squared": "Width of the band (z²)",
    "low_enjoyment": "Low interest, at most",
    "high_enjoyment": "High interest, at least",
    "weak_pull": "Weak pull, at most",
    "strong_pull": "Strong pull, at least",
    "rank_gap": "Gap before strengths are ranked",
    "seconds_per_question": "Seconds a question",
    **{
        f"{form}_{name}": words
        for form in ("full", "short")
        for name, words in (
            ("least_trade_offs", "Trade-offs answered, at least"),
            ("least_enjoyment", "Enjoyment answers for each role, at least"),
            ("careless_run", "Same button this often in a row"),
        )
    },
}

CONSTANT_HELP = {
    "trade_off_weight": "Both shares together make 1.",
    "enjoyment_weight": (
        "Enjoyment questions see what trade-offs cannot: low interest in both roles, "
        "or liking both."
    ),
    "v_trade_off": (
        "How far one answer strays from what the person would say on average, in "
        "buttons, squared. Larger makes every band wider."
    ),
    "v_enjoyment": "The same for one enjoyment answer.",
    "leans_z_squared": "Below this, the result is a close call.",
    "leans_floor": (
        "In points from 0 to 100. A lean must reach both, so that a tiny one is never "
        "named."
    ),
    "clear_z_squared": "Below this, a result leans at most.",
    "clear_floor": "In points from 0 to 100. A lean must reach both.",
    "sure_z_squared": "From here the words are “about 99 in 100”.",
    "stop_z_squared": (
        "After the short part of the full form, a result this certain is offered at "
        "once."
    ),
    "band_z_squared": "2.7 draws a band that holds 9 of 10.",
    "low_enjoyment": "Both roles at or below: “low interest in both”.",
    "high_enjoyment": "Both roles at or above, and no lean: “you would enjoy both”.",
    "weak_pull": "A strength at or below reads “weak pull”.",
    "strong_pull": "A strength at or above reads “strong pull”.",
    "rank_gap": "Two strengths closer than this are never put in order in words.",
    "seconds_per_question": (
        "Faster than this on average is too fast to say anything fair."
    ),
    **dict.fromkeys(
        ("full_careless_run", "short_careless_run"),
        "Trade-offs in a row with one button, the middle one apart. "
        "Longer runs count as careless too.",
    ),
}
