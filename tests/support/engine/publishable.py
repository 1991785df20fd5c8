"""Random questionnaires that pass the rules of publishing.

They have 3 to 5 key strengths a role, in every shape and with any constants that the
rules allow.
"""

from __future__ import annotations

from fractions import Fraction

from hypothesis import strategies as st

from assessments.engine import (
    Constants,
    Definition,
    FormConstants,
    QuestionDefinition,
    RoleDefinition,
    SectionDefinition,
    Statement,
    StrengthDefinition,
)

ROLES = (RoleDefinition("hill", "Hill guide"), RoleDefinition("sea", "Sea guide"))
TRADE_OFF_LABELS = (
    "Much more A",
    "A bit more A",
    "About the same",
    "A bit more B",
    "Much more B",
)
RATING_LABELS = ("Not at all", "A little", "Somewhat", "Quite a lot", "Very much")
EASY_TEXT = "I like to do this on a good day."
OTHER_SIDE = {"left": "right", "right": "left"}


def make_lines(
    count: int, interests: int, shared: int
) -> tuple[StrengthDefinition, ...]:
    """`count` key strengths and `interests` interests a role, then `shared` shared
    skills.
    """
    return (
        *(
            StrengthDefinition(
                f"key-{role.slug}-{i}", f"Key {role.slug} {i}", "key", role.slug
            )
            for role in ROLES
            for i in range(count)
        ),
        *(
            StrengthDefinition(
                f"int-{role.slug}-{i}",
                f"Interest {role.slug} {i}",
                "interest",
                role.slug,
            )
            for role in ROLES
            for i in range(interests)
        ),
        *(
            StrengthDefinition(f"shared-{i}", f"Shared {i}", "shared", None)
            for i in range(shared)
        ),
    )


def make_pairs(
    kind: str, count: int, rounds: int, first_round: int, first_side: str
) -> list[QuestionDefinition]:
    """Every line `rounds` times, an even number of trade-offs, sides as in LRRLLRRL."""
    by_side: dict[str, list[tuple[int, int]]] = {"left": [], "right": []}
    for number in range(first_round, first_round + rounds):
        for i in range(count):
            # Two rounds put each line on both sides, as a round stands on one side.
            side = ("left", "right")[(number if rounds > 1 else i) % 2]
            by_side[side].append((i, (i + number) % count))
    ordered = []
    for turn, (left, right) in enumerate(zip(*by_side.values(), strict=True)):
        two = [("left", left), ("right", right)]
        ordered += two if (turn % 2 == 0) == (first_side == "left") else two[::-1]
    return [
        QuestionDefinition(
            f"{kind}-{first_round}-{place}",
            "trade_off",
            (
                Statement(f"{kind}-hill-{i}", EASY_TEXT),
                Statement(f"{kind}-sea-{j}", EASY_TEXT),
            ),
            side,
        )
        for place, (side, (i, j)) in enumerate(ordered)
    ]


def make_ratings(
    count: int, places: range, first_role: int
) -> list[QuestionDefinition]:
    """Enjoyment questions of the lines at these places, the roles taking turns."""
    assert places.stop <= count
    slugs = [ROLES[first_role].slug, ROLES[1 - first_role].slug]
    return [
        QuestionDefinition(
            f"like-{slug}-{i}", "enjoyment", (Statement(f"key-{slug}-{i}", EASY_TEXT),)
        )
        for i in places
        for slug in slugs
    ]


def make_publishable(
    *,
    strengths: int = 4,
    interests: int = 4,
    interest_rounds: int = 1,
    shared: int = 5,
    long: bool = True,
    short_ratings: int = 2,
    first_side: str = "left",
    first_role: int = 0,
    constants: Constants,
) -> Definition:
    """A questionnaire that passes the rules if interests x interest_rounds is even.

    `long` adds two trade-offs for each strength in the full form. That needs four
    strengths a role.
    """
    # Each section goes on where the one before it ended: two trade-offs a turn.
    after_strengths, after_interests = (
        first_side if turns % 2 == 0 else OTHER_SIDE[first_side]
        for turns in (strengths, strengths + interests * interest_rounds // 2)
    )
    short = [
        SectionDefinition(
            "trade_off",
            "Which is it?",
            TRADE_OFF_LABELS,
            True,
            tuple(make_pairs("key", strengths, 2, 0, first_side)),
        ),
        SectionDefinition(
            "trade_off",
            "Which one?",
            TRADE_OFF_LABELS,
            True,
            tuple(make_pairs("int", interests, interest_rounds, 0, after_strengths)),
        ),
        SectionDefinition(
            "enjoyment",
            "How much?",
            RATING_LABELS,
            True,
            tuple(make_ratings(strengths, range(short_ratings), first_role)),
        ),
    ]
    more = [
        SectionDefinition(
            "trade_off",
            "Which is it?",
            TRADE_OFF_LABELS,
            False,
            tuple(make_pairs("key", strengths, 2, 2, after_interests)) if long else (),
        ),
        SectionDefinition(
            "enjoyment",
            "How much?",
            RATING_LABELS,
            False,
            tuple(make_ratings(strengths, range(short_ratings, strengths), first_role)),
        ),
        SectionDefinition(
            "shared",
            "How often?",
            RATING_LABELS,
            False,
            tuple(
                QuestionDefinition(
                    f"often-{i}", "shared", (Statement(f"shared-{i}", EASY_TEXT),)
                )
                for i in range(shared)
            ),
        ),
    ]
    return Definition(
        name="Hill or sea?",
        language="en",
        intro="",
        roles=ROLES,
        strengths=make_lines(strengths, interests, shared),
        sections=tuple(section for section in (*short, *more) if section.questions),
        constants=constants,
    )


parts_of_a_step = st.builds(Fraction, st.integers(1, 60), st.integers(1, 20))


@st.composite
def constants_of(
    draw: st.DrawFn, trade_offs: dict[str, int], ratings: dict[str, int]
) -> Constants:
    """Constants that pass rule P13, for forms with so many questions."""
    weight = draw(st.sampled_from([Fraction(share, 20) for share in range(1, 21)]))
    leans_z, clear_z, sure_z = sorted(
        draw(st.sets(parts_of_a_step, min_size=3, max_size=3))
    )
    points = st.builds(Fraction, st.integers(0, 300), st.just(4))
    leans_floor, clear_floor = sorted(draw(st.sets(points, min_size=2, max_size=2)))
    low, high = sorted(draw(st.sets(points, min_size=2, max_size=2)))
    weak, strong = sorted(draw(st.sets(points, min_size=2, max_size=2)))
    forms = {
        form: FormConstants(
            draw(st.integers(1, trade_offs[form])),
            draw(st.integers(1, ratings[form])),
            draw(st.integers(1, trade_offs[form])),
        )
        for form in ("full", "short")
    }
    return Constants(
        v_trade_off=draw(parts_of_a_step),
        v_enjoyment=draw(parts_of_a_step),
        trade_off_weight=weight,
        enjoyment_weight=1 - weight,
        leans_z_squared=leans_z,
        clear_z_squared=clear_z,
        sure_z_squared=sure_z,
        stop_z_squared=draw(parts_of_a_step),
        band_z_squared=draw(parts_of_a_step),
        leans_floor=leans_floor,
        clear_floor=clear_floor,
        low_enjoyment=low,
        high_enjoyment=high,
        weak_pull=weak,
        strong_pull=strong,
        rank_gap=draw(points),
        seconds_per_question=draw(parts_of_a_step),
        **forms,
    )


@st.composite
def publishable_questionnaires(draw: st.DrawFn) -> Definition:
    """Three to five strengths a role, with all sides, roles and constants allowed."""
    strengths, interests = draw(st.integers(3, 5)), draw(st.integers(2, 4))
    interest_rounds = 2 if interests == 3 else draw(st.integers(1, 2))
    long = strengths > 3 and draw(st.booleans())
    short_ratings = draw(st.integers(2, strengths))
    in_short = 2 * strengths + interest_rounds * interests
    trade_offs = {"short": in_short, "full": in_short + (2 * strengths if long else 0)}
    return make_publishable(
        strengths=strengths,
        interests=interests,
        interest_rounds=interest_rounds,
        shared=draw(st.integers(0, 6)),
        long=long,
        short_ratings=short_ratings,
        first_side=draw(st.sampled_from(("left", "right"))),
        first_role=draw(st.integers(0, 1)),
        constants=draw(
            constants_of(trade_offs, {"short": short_ratings, "full": strengths})
        ),
    )


@st.composite
def answers_to(
    draw: st.DrawFn, questionnaire: Definition, form: str
) -> dict[str, int | None]:
    """Buttons, half of the time pulled to one side, with or without skips."""
    questions = questionnaire.questions_of(form)
    pull = draw(st.sampled_from((0, 0, 0, 1, -1)))
    skips = draw(st.booleans())
    answers: dict[str, int | None] = {}
    for question in questions:
        if skips and draw(st.integers(0, 7)) == 0:
            if draw(st.booleans()):
                answers[question.id] = None
            continue
        if question.kind == "trade_off" and pull:
            step = pull * draw(st.integers(0, 2))
            answers[question.id] = 3 - step if question.side == "left" else 3 + step
        else:
            answers[question.id] = draw(st.sampled_from(question.buttons))
    return answers


@st.composite
def people(draw: st.DrawFn) -> tuple[Definition, str, dict[str, int | None]]:
    """Somebody's answers to one form of some questionnaire."""
    questionnaire, form = (
        draw(publishable_questionnaires()),
        draw(st.sampled_from(("full", "short"))),
    )
    return questionnaire, form, draw(answers_to(questionnaire, form))
