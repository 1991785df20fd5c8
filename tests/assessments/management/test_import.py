"""A questionnaire goes out and comes in as one file, lossless; a faulty one changes
nothing.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from assessments.actions.drafts import duplicate
from assessments.actions.versions import NotPublished, assemble, publish, review_draft
from assessments.engine.strict_json import MAX_BYTES
from assessments.models import Question, Questionnaire, Version
from content.models import Strength
from tests.support.articles import publish_drafted_words

pytestmark = pytest.mark.django_db


def exported(*arguments: str) -> str:
    out = StringIO()
    call_command("export_questionnaire", *arguments, stdout=out)
    return out.getvalue()


def imported(path: Path, content: str | bytes) -> Questionnaire:
    before = set(Questionnaire.objects.values_list("pk", flat=True))
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    call_command("import_questionnaire", str(path), stdout=StringIO())
    return Questionnaire.objects.exclude(pk__in=before).get()


def refused(path: Path, content: str | bytes) -> list[str]:
    """The faults that an import names; it must have written nothing."""
    drafts, questions = Questionnaire.objects.count(), Question.objects.count()
    with pytest.raises(CommandError) as refusal:
        imported(path, content)
    assert (Questionnaire.objects.count(), Question.objects.count()) == (
        drafts,
        questions,
    )
    assert refusal.value.returncode == 1
    headline, *faults = str(refusal.value).splitlines()
    assert headline.endswith("Nothing has changed.")
    return faults


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "bank.json"


def test_export_of_the_live_version_is_its_very_bytes(questionnaire: Version) -> None:
    assert exported() == exported("--version", "1") == questionnaire.definition


def test_export_import_and_publish_give_the_same_fingerprint(
    questionnaire: Version, file: Path
) -> None:
    changed = duplicate(questionnaire)
    Questionnaire.objects.filter(pk=changed.pk).update(
        name="Déjà vu: “other”", intro="One.\nTwo.", v_trade_off="37.5"
    )
    Question.objects.filter(section__questionnaire=changed, code="T1").update(
        statement="I plan first, then I start, step after step."
    )
    draft = imported(file, exported("--draft", str(changed.pk)))
    changed.refresh_from_db()
    assert publish(draft, by=None).sha256 == assemble(changed).sha256
    old = imported(file, exported("--version", "1"))
    assert publish(old, by=None).sha256 == questionnaire.sha256


def test_statement_that_nobody_here_has_read_is_not_ticked(
    questionnaire: Version, file: Path
) -> None:
    data = json.loads(questionnaire.definition)
    data["sections"][0]["questions"][0]["product"]["text"] = (
        "Before I start, I ask how people will feel using it."
    )
    draft = imported(file, json.dumps(data))
    assert [
        (finding.rule, str(finding.place)) for finding in review_draft(draft).blocking
    ] == [("P11", "T1.product")]


def test_names_that_differ_from_the_articles_are_told(
    questionnaire: Version, file: Path
) -> None:
    data = json.loads(questionnaire.definition)
    data["roles"][0]["name"], data["strengths"][0]["name"] = (
        "Project lead",
        "Planning ahead",
    )
    file.write_text(json.dumps(data))
    out = StringIO()
    call_command("import_questionnaire", str(file), stdout=out)
    assert out.getvalue().splitlines()[1:] == [
        "The draft uses the article's names where the file has others:",
        (
            "  project-manager: “Project lead” in the file, “Project manager” in the"
            " article"
        ),
        (
            "  planning-and-organization: “Planning ahead” in the file, “Planning and"
            " organization” in the article"
        ),
    ]
    draft = Questionnaire.objects.latest("pk")
    assert assemble(draft).strengths[0].name == "Planning and organization"


def test_names_that_are_the_articles_need_no_word(
    questionnaire: Version, file: Path
) -> None:
    file.write_text(questionnaire.definition)
    out = StringIO()
    call_command("import_questionnaire", str(file), stdout=out)
    assert out.getvalue().count("\n") == 1


def test_retired_line_comes_in_but_is_not_published_again(
    questionnaire: Version, file: Path
) -> None:
    Strength.objects.filter(slug="communication").update(retired=True)
    publish_drafted_words()
    draft = imported(file, questionnaire.definition)
    with pytest.raises(
        NotPublished, match="P1 S2: The article no longer lists “Communication”"
    ):
        publish(draft, by=None)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--version", "9"), "There is no version 9"),
        (("--draft", "999"), "There is no draft 999"),
        ((), "No questionnaire is published yet"),
    ],
)
def test_export_of_what_is_not_there_says_so(
    article: None, arguments: tuple[str, ...], words: str
) -> None:
    with pytest.raises(CommandError, match=words):
        exported(*arguments)


def test_export_of_a_draft_that_does_not_fit_together_names_the_place(
    questionnaire: Version,
) -> None:
    draft = duplicate(questionnaire)
    draft.sections.filter(position=3).update(kind="trade_off")
    with pytest.raises(CommandError, match=r"sections\[2\]\.questions\[0\]: "):
        exported("--draft", str(draft.pk))


def first_question(data: dict[str, Any]) -> dict[str, Any]:
    return data["sections"][0]["questions"][0]


def without(data: dict[str, Any], key: str) -> None:
    del data[key]


FAULTS: dict[str, tuple[Callable[[dict[str, Any]], object], list[str]]] = {
    "missing key": (lambda data: without(data, "intro"), ["intro"]),
    "missing key deep down": (
        lambda data: without(first_question(data)["project"], "text"),
        ["sections[0].questions[0].project.text"],
    ),
    "unknown key": (lambda data: data.update(color="red"), ["color"]),
    "wrong type": (lambda data: data.update(sections={"T1": 3}), ["sections"]),
    "wrong side": (
        lambda data: first_question(data).update(side="up"),
        ["sections[0].questions[0].side"],
    ),
    "line that no question could have": (
        lambda data: first_question(data)["project"].update(strength="juggling"),
        ["sections[0].questions[0].project.strength"],
    ),
    "line that the article lacks": (
        lambda data: data["strengths"].append(
            {"slug": "juggling", "name": "Juggling", "kind": "shared", "role": None}
        ),
        ["strengths[21].slug"],
    ),
    "line of another kind": (
        lambda data: data["strengths"][0].update(kind="interest"),
        ["strengths[0].kind"],
    ),
    "line of another role": (
        lambda data: data["strengths"][0].update(role="product-manager"),
        ["strengths[0].role"],
    ),
    "role that the article lacks": (
        lambda data: data["roles"][0].update(slug="boss"),
        ["roles[0].slug", "strengths[0].role"],
    ),
    "same id twice": (
        lambda data: first_question(data).update(id="T2"),
        ["sections[0].questions[1].id"],
    ),
    "id of another shape": (
        lambda data: first_question(data).update(id="first"),
        ["sections[0].questions[0].id"],
    ),
    "constant in words": (
        lambda data: data["constants"].update(v_trade_off="a lot"),
        ["constants.v_trade_off"],
    ),
    "constant of nothing": (
        lambda data: data["constants"].update(rank_gap="0"),
        ["constants.rank_gap"],
    ),
    "constant too exact": (
        lambda data: data["constants"].update(rank_gap="1/99999"),
        ["constants.rank_gap"],
    ),
    "limit out of range": (
        lambda data: data["constants"]["forms"]["full"].update(careless_run=0),
        ["constants.forms.full.careless_run"],
    ),
    "label too long": (
        lambda data: data["sections"][0]["labels"].__setitem__(2, "x" * 41),
        ["sections[0].labels[2]"],
    ),
    "four labels": (
        lambda data: data["sections"][0]["labels"].pop(),
        ["sections[0].labels"],
    ),
    "stem too long": (
        lambda data: data["sections"][1].update(stem="x" * 201),
        ["sections[1].stem"],
    ),
    "statement too long": (
        lambda data: data["sections"][2]["questions"][0].update(text="x" * 201),
        ["sections[2].questions[0].text"],
    ),
    "name too long": (lambda data: data.update(name="x" * 121), ["name"]),
    "language that is none": (
        lambda data: data.update(language="Klingon!"),
        ["language"],
    ),
    "text that cannot be printed": (
        lambda data: data.update(intro="a\x00b"),
        ["intro"],
    ),
    "everything at once": (
        lambda data: (
            without(data, "intro"),
            first_question(data).update(side="up", id="first"),
            data["strengths"][0].update(kind="shared"),
        ),
        [
            "intro",
            "sections[0].questions[0].side",
            "sections[0].questions[0].id",
            "strengths[0].kind",
        ],
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_faulty_file_is_refused_with_every_place_named(
    questionnaire: Version, file: Path, fault: str
) -> None:
    spoil, places = FAULTS[fault]
    data = json.loads(questionnaire.definition)
    spoil(data)
    faults = refused(file, json.dumps(data))
    named = [line.partition(": ")[0] for line in faults]
    assert [place for place in places if place not in named] == []
    assert len(set(faults)) == len(faults)


def test_key_that_stands_twice_is_named(questionnaire: Version, file: Path) -> None:
    assert refused(
        file, questionnaire.definition.replace('"intro"', '"name":"Other","intro"', 1)
    )[0].startswith("name: appears more than once")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (b"not json", "is not JSON"),
        (b"\xff\xfe{}", "is not UTF-8 text"),
        (b"\xef\xbb\xbf{}", "is not JSON"),
        (b"[]", "must be an object"),
        (b'{"a": NaN}', "which is not a number"),
        (b"[" * 100_000, "is nested too deeply"),
        (b"[" * 900 + b"]" * 900, "must be an object"),
        (b'"' + b"x" * MAX_BYTES + b'"', "is longer than"),
    ],
    ids=[
        "empty",
        "text",
        "UTF-16",
        "mark",
        "list",
        "NaN",
        "deep",
        "deep but whole",
        "long",
    ],
)
def test_file_that_is_no_questionnaire_at_all_is_refused(
    questionnaire: Version, file: Path, content: bytes, words: str
) -> None:
    assert words in refused(file, content)[0]


def test_file_that_cannot_be_read_is_named(
    questionnaire: Version, tmp_path: Path
) -> None:
    for path in (tmp_path / "nowhere.json", tmp_path):
        with pytest.raises(CommandError, match=str(path)):
            call_command("import_questionnaire", str(path))


@pytest.mark.parametrize(
    ("table", "command"),
    [
        ("assessments_version", ["export_questionnaire"]),
        (
            "content_role",
            ["import_questionnaire", "assessments/defaults/default.json"],
        ),
    ],
)
def test_database_without_tables_is_told_in_a_sentence(
    table: str, command: list[str]
) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} RENAME TO gone")
    with pytest.raises(CommandError, match="manage.py prepare") as refusal:
        call_command(*command)
    assert refusal.value.returncode == 1
