"""A questionnaire goes out and comes in as one file, lossless; a faulty one changes nothing."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from assessments.actions.publishing import assemble
from assessments.models import Questionnaire, Version

pytestmark = pytest.mark.django_db


def exported(**options: int) -> str:
    out = StringIO()
    call_command("export_questionnaire", stdout=out, **options)
    return out.getvalue().rstrip("\n")


def imported(path: Path) -> Questionnaire:
    before = set(Questionnaire.objects.values_list("pk", flat=True))
    call_command("import_questionnaire", str(path), stdout=StringIO())
    return Questionnaire.objects.exclude(pk__in=before).get()


def test_export_and_import_lose_nothing(questionnaire: Version, tmp_path: Path) -> None:
    path = tmp_path / "bank.json"
    path.write_text(exported())
    draft = imported(path)
    assert path.read_text() == questionnaire.definition
    assert assemble(draft).sha256 == questionnaire.sha256
    assert exported(draft=draft.pk) == exported(number=1) == questionnaire.definition


@pytest.mark.parametrize("options", [{"number": 9}, {"draft": 999}])
def test_export_of_what_is_not_there_says_so(questionnaire: Version, options: dict[str, int]) -> None:
    with pytest.raises(CommandError, match="There is no"):
        exported(**options)


def broken(definition: str, fault: str) -> bytes:
    data = json.loads(definition)
    first = data["sections"][0]["questions"][0]
    if fault == "two faults":
        del data["intro"]
        first["side"] = "up"
    elif fault == "unknown line":
        first["project"]["strength"] = "juggling"
    elif fault == "same id twice":
        first["id"] = "T2"
    elif fault == "constant":
        data["constants"]["v_trade_off"] = "a lot"
    elif fault == "wrong types":
        data["sections"] = {"T1": 3}
    return json.dumps(data).encode()


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ("two faults", ("intro", "sections[0].questions[0].side")),
        ("unknown line", ("juggling",)),
        ("same id twice", ("sections[0].questions[1].id",)),
        ("constant", ("constants.v_trade_off",)),
        ("wrong types", ("sections",)),
    ],
)
def test_faulty_file_is_refused_with_every_place_named(questionnaire: Version, tmp_path: Path, fault: str, words: tuple[str, ...]) -> None:
    path = tmp_path / "bank.json"
    path.write_bytes(broken(questionnaire.definition, fault))
    drafts = Questionnaire.objects.count()
    with pytest.raises(CommandError) as refusal:
        imported(path)
    assert [word for word in words if word not in str(refusal.value)] == []
    assert Questionnaire.objects.count() == drafts


@pytest.mark.parametrize("content", [b"", b"not json", b"\xff\xfe", b"[]", b'{"a": NaN}', b"[" * 100_000, b'"' + b"x" * 1_100_000 + b'"'])
def test_file_that_is_no_questionnaire_at_all_is_refused(questionnaire: Version, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "bank.json"
    path.write_bytes(content)
    with pytest.raises(CommandError, match="Nothing was changed"):
        imported(path)


def test_file_that_is_not_there_is_named(questionnaire: Version, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="No such file"):
        imported(tmp_path / "nowhere.json")
