"""What migrations do to rows that are there already."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

import pytest
from django.apps.registry import Apps
from django.utils import timezone

from .scratch import migrate_to

pytestmark = [pytest.mark.database, pytest.mark.slow]

BEFORE_LEANS, LEANS = "0003_quality_ratings_coaching", "0004_leans_of_earlier_results"
BEFORE_WORDS, WORDS = (
    "0007_staff_arrive_too",
    "0008_measured_constants_closed_workspaces",
)
BEFORE_WEEKS, WEEKS = WORDS, "0009_counts_by_week"
BEFORE_STAFF_MARK, STAFF_MARK = WEEKS, "0010_staff_mark_instead_of_groups"

BEFORE_STEADINESS, STEADINESS = "0017_both_help_texts", "0018_steadiness_of_constants"
BEFORE_SHEETS, SHEETS = STEADINESS, "0019_one_sheet_a_browser"

BEFORE_ADDRESSES = "0006_new_words_and_illustrations"
ADDRESSES = "0007_booking_address_and_contact"


def make_version(models: Apps) -> Any:
    return models.get_model("assessments", "Version").objects.create(
        number=1,
        name="First",
        definition="{}",
        sha256="0" * 64,
        published_at=timezone.now(),
    )


def make_attempt(models: Apps, name: str, **values: Any) -> Any:
    """An attempt of an owner with this name for a key."""
    owner = models.get_model("assessments", "Owner").objects.create(key_sha256=name)
    moment = timezone.now()
    return models.get_model("assessments", "Attempt").objects.create(
        owner=owner, form="full", started_at=moment, changed_at=moment, **values
    )


def by_owner(models: Apps, field: str, model: str = "Attempt") -> dict[str, Any]:
    rows = models.get_model("assessments", model).objects
    return dict(rows.values_list("owner__key_sha256", field))


def test_results_without_a_lean_get_that_of_their_reply(empty_database: None) -> None:
    models = migrate_to(BEFORE_LEANS)
    version, moment = make_version(models), timezone.now()
    for name, lean, stored in (
        ("positive", "425/8", None),
        ("negative", "-25/8", None),
        ("whole", "7", None),
        ("zero", "0", None),
        ("none", None, None),
        ("present", "425/8", 1.0),
    ):
        attempt = make_attempt(models, name, version=version, finished_at=moment)
        models.get_model("assessments", "Result").objects.create(
            owner=attempt.owner,
            number=1,
            attempt=attempt,
            version=version,
            form="full",
            outcome="close",
            lean=stored,
            answers="{}",
            reply=json.dumps({"lean": lean}),
            finished_at=moment,
            expires_at=moment,
        )
    expected = {
        "positive": 53.125,
        "negative": -3.125,
        "whole": 7.0,
        "zero": 0.0,
        "none": None,
        "present": 1.0,
    }
    assert by_owner(migrate_to(LEANS), "lean", "Result") == expected
    assert by_owner(migrate_to(BEFORE_LEANS), "lean", "Result") == expected


def test_counts_but_outcomes_move_to_the_monday_of_their_week(
    empty_database: None,
) -> None:
    models = migrate_to(BEFORE_WEEKS)
    version = make_version(models)
    wednesday, sunday, monday = date(2026, 3, 4), date(2026, 3, 8), date(2026, 3, 9)
    counts = [
        ("full", wednesday, "outcome", "close", 3),
        ("full", wednesday, "lean", "25/8", 1),
        ("full", sunday, "lean", "25/8", 2),
        ("full", monday, "lean", "25/8", 4),
        ("full", sunday, "lean", "-25/8", 8),
        ("short", sunday, "lean", "25/8", 16),
        ("full", sunday, "seconds", "25", 32),
        ("full", sunday, "retest", "25/8", 64),
    ]
    models.get_model("assessments", "CountDay").objects.bulk_create(
        models.get_model("assessments", "CountDay")(
            version=version, form=form, day=day, kind=kind, key=key, n=n
        )
        for form, day, kind, key, n in counts
    )
    week = date(2026, 3, 2)
    expected = {
        ("full", wednesday, "outcome", "close", 3),
        ("full", week, "lean", "25/8", 3),
        ("full", monday, "lean", "25/8", 4),
        ("full", week, "lean", "-25/8", 8),
        ("short", week, "lean", "25/8", 16),
        ("full", week, "seconds", "25", 32),
        ("full", week, "retest", "25/8", 64),
    }
    rows = migrate_to(WEEKS).get_model("assessments", "CountDay").objects
    fields = ("form", "day", "kind", "key", "n")
    assert sorted(rows.values_list(*fields)) == sorted(expected)
    # A second time, as where the migration had another number before.
    migrate_to(BEFORE_WEEKS)
    rows = migrate_to(WEEKS).get_model("assessments", "CountDay").objects
    assert sorted(rows.values_list(*fields)) == sorted(expected)


def permissions_of(models: Apps, group: str) -> set[str]:
    rows = models.get_model("auth", "Group").objects.filter(name=group)
    return set(rows.values_list("permissions__codename", flat=True))


def test_right_to_change_words_moves_from_editors_to_publishers_and_back(
    empty_database: None,
) -> None:
    """Rights that the organization gave stay, and a group it renamed is left alone."""
    moved = {"change_role", "change_sitewords"}
    models = migrate_to(BEFORE_WORDS)
    editors = permissions_of(models, "Editor")
    publishers = permissions_of(models, "Publisher")
    assert moved <= editors
    extra = models.get_model("auth", "Permission").objects.get(codename="add_role")
    models.get_model("auth", "Group").objects.get(name="Editor").permissions.add(extra)
    models = migrate_to(WORDS)
    assert permissions_of(models, "Editor") == editors - moved | {"add_role"}
    assert permissions_of(models, "Publisher") == publishers | moved
    groups = models.get_model("auth", "Group").objects
    groups.filter(name="Publisher").update(name="Press")
    models = migrate_to(BEFORE_WORDS)
    assert permissions_of(models, "Editor") == editors | {"add_role"}
    assert permissions_of(models, "Press") == publishers | moved


def permissions_on(models: Apps, model: str) -> int:
    permissions = models.get_model("auth", "Permission").objects
    return permissions.filter(content_type__model=model).count()


def test_attempts_of_staff_stay_marked_and_back_again(empty_database: None) -> None:
    models = migrate_to(BEFORE_STAFF_MARK)
    version = make_version(models)
    for arrival in ("site", "coach", "staff"):
        make_attempt(models, arrival, version=version, arrival=arrival)
    assert permissions_on(models, "groupmonth") == 4
    models = migrate_to(STAFF_MARK)
    assert by_owner(models, "by_staff") == {
        "site": False,
        "coach": False,
        "staff": True,
    }
    # The admin would go on offering permissions on a model that is gone.
    assert permissions_on(models, "groupmonth") == 0
    assert permissions_on(models, "countday") == 4
    models = migrate_to(BEFORE_STAFF_MARK)
    assert by_owner(models, "arrival") == {
        "site": "site",
        "coach": "site",
        "staff": "staff",
    }


def test_versions_rated_by_the_earlier_rule_no_longer_count_as_rated(
    empty_database: None,
) -> None:
    models = migrate_to(BEFORE_SHEETS, others=True)
    version = make_version(models)
    version.wording_rated = True
    version.save()
    versions = (
        migrate_to(SHEETS, others=True).get_model("assessments", "Version").objects
    )
    assert versions.values_list("wording_rated", flat=True).get() is False


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            ("https://example.org/clarity-call", "privacy@example.org"),
            ("", ""),
        ),
        (
            ("https://calls.example.net/", "privacy@example.org"),
            ("https://calls.example.net/", ""),
        ),
        (
            ("https://example.org/clarity-call/", "a@example.net"),
            ("https://example.org/clarity-call/", "a@example.net"),
        ),
    ],
)
def test_addresses_that_were_only_examples_are_emptied(
    empty_database: None, before: tuple[str, str], after: tuple[str, str]
) -> None:
    models = migrate_to(STAFF_MARK, content=BEFORE_ADDRESSES)
    models.get_model("content", "SiteWords").objects.create(
        pk=1, booking_address=before[0], contact_email=before[1]
    )
    rows = (
        migrate_to(STAFF_MARK, content=ADDRESSES)
        .get_model("content", "SiteWords")
        .objects
    )
    assert rows.values_list("booking_address", "contact_email").get() == after


def test_constants_measured_until_now_were_measured_within_one_sitting(
    empty_database: None,
) -> None:
    models = migrate_to(BEFORE_STEADINESS)
    for measured in (False, True):
        models.get_model("assessments", "Version").objects.create(
            number=1 + measured,
            name="First",
            definition="{}",
            sha256="0" * 64,
            published_at=timezone.now(),
            constants_measured=measured,
        )
    models.get_model("assessments", "Questionnaire").objects.create(name="Draft")
    models = migrate_to(STEADINESS)
    rows = models.get_model("assessments", "Version").objects.order_by("number")
    assert list(rows.values_list("consistency_measured", "steadiness_measured")) == [
        (False, False),
        (True, False),
    ]
    drafts = models.get_model("assessments", "Questionnaire").objects
    assert list(drafts.values_list("measured_over_days", flat=True)) == [False]


BEFORE_STATES, STATES = "0012_history_of_drafts_and_words", "0013_words_versions"
BEFORE_CLIENTS, CLIENTS = "0034_result_requests", "0035_clients_of_grants"
BEFORE_PROMPTS, PROMPTS = "0035_clients_of_grants", "0036_prompts_among_words"


def test_words_that_visitors_see_become_the_first_state(empty_database: None) -> None:
    models = migrate_to(BEFORE_PROMPTS, content=BEFORE_STATES)
    page = models.get_model("content", "Page").objects.create(slug="a-page")
    roles = [
        models.get_model("content", "Role").objects.create(
            slug=f"{name}-manager", name=name, position=position, page=about
        )
        for position, (name, about) in enumerate(
            (("project", page), ("product", None)), 1
        )
    ]
    strengths = models.get_model("content", "Strength").objects
    for slug, position, role in (
        ("third", 3, roles[0]),
        ("first", 1, roles[0]),
        ("other", 2, None),
    ):
        kind = "key" if role else "shared"
        strengths.create(
            slug=slug, name=slug, kind=kind, role=role, position=position, text="…"
        )
    models.get_model("content", "SiteWords").objects.create(pk=1, footer="Ours.")
    models.get_model("assessments", "ConversationPrompt").objects.create(
        kind="split", text="Which?"
    )
    states = migrate_to(PROMPTS, content=STATES).get_model("content", "WordsVersion")
    version = states.objects.get()
    assert (version.number, version.published_by) == (1, None)
    state = json.loads(version.content)
    # The fields of a row are those that publishing freezes.
    assert state["strength"]["first"] == {
        "name": "first",
        "kind": "key",
        "role": "project-manager",
        "position": 1,
        "text": "…",
        "retired": False,
    }
    assert [role["name"] for role in state["role"].values()] == ["project", "product"]
    assert [role["page"] for role in state["role"].values()] == [page.pk, None]
    assert list(state["strength"]) == ["first", "third", "other"]
    assert state["sitewords"]["1"]["footer"] == "Ours."
    assert state["conversationprompt"] == {"split": {"text": "Which?"}}


def test_new_site_has_no_state_of_words_before_it_loads_them(
    empty_database: None,
) -> None:
    models = migrate_to(PROMPTS, content=STATES)
    assert not models.get_model("content", "WordsVersion").objects.exists()


def test_grants_of_one_owner_under_one_name_become_one_client(
    empty_database: None,
) -> None:
    models = migrate_to(BEFORE_CLIENTS)
    version, moment = make_version(models), timezone.now()
    coaches = [
        models.get_model("assessments", "Coach").objects.create(
            name=name, email=f"{name}@example.org"
        )
        for name in ("carla", "otto")
    ]
    grants = models.get_model("assessments", "Participation").objects
    attempts = {
        owner: make_attempt(models, owner, version=version) for owner in ("one", "two")
    }
    for number, (coach, owner, name) in enumerate(
        [(0, "one", "Ann"), (0, "one", "Ann"), (0, "one", "Robin"), (0, "two", "Ann")]
        + [(1, "one", "Ann")]
    ):
        invitation = models.get_model("assessments", "Invitation").objects.create(
            coach=coaches[coach],
            label="Group",
            code=f"code{number}",
            form="full",
            scope="summary",
            created_at=moment,
        )
        grants.create(
            invitation=invitation,
            attempt=attempts[owner],
            name=name,
            scope="summary",
            consented_at=moment,
        )
    models = migrate_to(CLIENTS)
    clients = models.get_model("assessments", "Client").objects
    assert sorted(clients.values_list("coach__name", "name")) == [
        ("carla", "Ann"),
        ("carla", "Ann"),
        ("carla", "Robin"),
        ("otto", "Ann"),
    ]
    grants = models.get_model("assessments", "Participation").objects
    assert grants.values("client").distinct().count() == 4
    assert not grants.filter(client=None).exists()


BEFORE_NUMBERS, NUMBERS = "0041_draft_review_requests", "0042_mend_names_and_holds"


def make_approved(models: Apps, email: str, name: str, *, now: str) -> Any:
    """A coach approved as `name`, with today's entry of that, and called `now`."""
    users = models.get_model("auth", "User").objects
    mara, _ = users.get_or_create(username="mara")
    coach = models.get_model("assessments", "Coach").objects.create(
        name=now,
        email=email,
        user=users.create(username=email),
        approved_by=mara,
        approved_at=timezone.now(),
    )
    enter(models, "approve", f"{name} as a coach", by=mara)
    return coach


def enter(models: Apps, act: str, subject: str, *, by: Any = None) -> None:
    entries = models.get_model("content", "AuditEntry").objects
    entries.create(act=act, subject=subject, by=by)


def test_trail_has_numbers_for_the_names_of_coaches(empty_database: None) -> None:
    models = migrate_to(BEFORE_NUMBERS, others=True)
    carla = make_approved(models, "c@example.org", "Carla", now="Karla").pk
    ben, erased = (
        make_approved(models, f"{number}@example.org", "Ben", now=now).pk
        for number, now in enumerate(("Ben", ""))
    )
    # Anybody can ask for a workspace under the name of a coach.
    models.get_model("assessments", "Coach").objects.create(name="Karla")
    expected = {
        "Carla as a coach": f"coach {carla}",
        "the workspace of Carla": f"the workspace of coach {carla}",
        "the workspace of Karla": f"the workspace of coach {carla}",
        "a new password for Karla, a coach": f"a new password for coach {carla}",
        "the workspace of Ben": f"the workspace of coach {ben} or coach {erased}",
        "the workspace of Nobody": "the workspace of a coach",
        "coach 99 as a coach": "coach 99",
        "a coach's share link, number 5": "a coach's share link, number 5",
    }
    for subject in [*expected][1:]:
        act = "revoke" if "workspace" in subject or "link" in subject else "approve"
        enter(models, act, subject)
    enter(models, "publish", "“All, and the rest as a coach”, state 1")
    before = models.get_model("content", "AuditEntry").objects.order_by("pk")
    names = list(before.values_list("subject", flat=True))
    for _ in range(2):
        models = migrate_to(NUMBERS, others=True)
        after = models.get_model("content", "AuditEntry").objects.order_by("pk")
        subjects = list(after.values_list("subject", flat=True))
        approved = [carla, ben, erased]
        assert subjects[:3] == [f"coach {pk}" for pk in approved]
        assert subjects[3:] == [expected.get(name, name) for name in names[3:]]
        migrate_to(BEFORE_NUMBERS, others=True)


def test_history_forgets_requests_that_are_gone(empty_database: None) -> None:
    models = migrate_to(BEFORE_NUMBERS, others=True)
    coach = make_approved(models, "c@example.org", "Carla", now="Carla")
    kinds = models.get_model("contenttypes", "ContentType").objects
    entries = models.get_model("admin", "LogEntry").objects
    for model, pk, name in (
        ("coach", coach.pk, "Carla"),
        ("coach", coach.pk + 1, "Declined"),
        ("questionnaire", coach.pk + 1, "Draft"),
    ):
        kind, _ = kinds.get_or_create(app_label="assessments", model=model)
        entries.create(
            user=coach.user,
            content_type=kind,
            object_id=str(pk),
            object_repr=name,
            action_flag=2,
        )
    rows = migrate_to(NUMBERS, others=True).get_model("admin", "LogEntry").objects
    assert set(rows.values_list("object_repr", flat=True)) == {"Carla", "Draft"}


def test_hold_that_was_over_before_the_consent_is_forgotten(
    empty_database: None,
) -> None:
    models = migrate_to(BEFORE_NUMBERS, others=True)
    version, moment = make_version(models), timezone.now()
    coach = models.get_model("assessments", "Coach").objects.create(name="Carla")
    invitation = models.get_model("assessments", "Invitation").objects.create(
        coach=coach, form="full", scope="summary", created_at=moment
    )
    ends = {
        "never": None,
        "over": moment - timedelta(days=1),
        "released later": moment + timedelta(hours=1),
    }
    for name, end in ends.items():
        models.get_model("assessments", "Participation").objects.create(
            invitation=invitation,
            attempt=make_attempt(models, name, version=version),
            name=name,
            scope="summary",
            held_until=end,
            consented_at=moment,
        )
    models = migrate_to(NUMBERS, others=True)
    rows = models.get_model("assessments", "Participation").objects
    assert dict(rows.values_list("name", "held_until")) == ends | {"over": None}
