"""`manage.py score` driven from outside: bytes in, bytes out (docs/engine.md)."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from assessments.defaults import DEFAULT_DEFINITION, default_questionnaire
from assessments.engine import Definition, score
from assessments.engine.strict_json import MAX_BYTES, dump
from assessments.models import Version
from tests.support.engine.cases import (
    EXAMPLES,
    Json,
    make_definition,
    make_questionnaire,
)

ROOT = Path(__file__).resolve().parents[2]
DEFINITION = ("--definition", str(DEFAULT_DEFINITION))


class Run:
    """One run within this process, on given bytes of standard input."""

    def __init__(
        self, monkeypatch: pytest.MonkeyPatch, standard_input: bytes, *arguments: str
    ) -> None:
        output, errors = io.TextIOWrapper(io.BytesIO(), "ascii"), io.StringIO()
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(standard_input)))
        monkeypatch.setattr(sys, "stdout", output)
        monkeypatch.setattr(sys, "stderr", errors)
        self.status = 0
        try:
            call_command("score", *arguments)
        except SystemExit as leaving:
            self.status = int(str(leaving.code))
        output.flush()
        self.out = output.buffer.getvalue()
        self.errors = errors.getvalue()


def request_line(number: int) -> bytes:
    return json.dumps(EXAMPLES[number]).encode() + b"\n"


def reply_line(number: int, questionnaire: Definition | None = None) -> bytes:
    example = EXAMPLES[number]
    result = score(
        questionnaire or default_questionnaire(),
        example["answers"],
        form=example["form"],
        seconds=example["seconds"],
    )
    return dump(result.reply()).encode() + b"\n"


def test_one_request_gives_one_canonical_reply(monkeypatch: pytest.MonkeyPatch) -> None:
    run = Run(monkeypatch, json.dumps(EXAMPLES[1], indent=2).encode(), *DEFINITION)
    assert (run.out, run.errors, run.status) == (reply_line(1), "", 0)


def test_lines_are_answered_in_order_around_those_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lines = [
        request_line(1),
        b"\n",
        b'{"form":"full","answers":{"T1":true}}\n',
        request_line(3),
        b"\xff\n",
        b"[" * 90_000 + b"\n",
    ]
    lines += [
        b'{"form":"full","answers":{"T1":' + b"7" * 9000 + b"}}\r\n",
        b" " * (3 * MAX_BYTES) + b"\n",
        request_line(4).rstrip(b"\n"),
    ]
    run = Run(monkeypatch, b"".join(lines), "--lines", *DEFINITION)
    assert run.out == reply_line(1) + reply_line(3) + reply_line(4)
    assert run.errors.splitlines() == [
        "line 2: request: is empty",
        "line 3: answers.T1: must be a whole number from 1 to 5, or null",
        "line 5: request: is not UTF-8 text",
        "line 6: request: is nested too deeply",
        "line 7: request: contains a number with too many digits",
        f"line 8: request: is longer than {MAX_BYTES} bytes",
    ]
    assert run.status == 2


def test_line_without_end_beyond_the_limit_is_refused_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    run = Run(monkeypatch, b"x" * (2 * MAX_BYTES + 5), "--lines", *DEFINITION)
    assert (run.out, run.errors, run.status) == (
        b"",
        f"line 1: request: is longer than {MAX_BYTES} bytes\n",
        2,
    )


def test_line_of_just_the_limit_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    line = request_line(1).rstrip(b"\n").ljust(MAX_BYTES)
    run = Run(monkeypatch, line + b"\n" + request_line(3), "--lines", *DEFINITION)
    assert (run.out, run.status) == (reply_line(1) + reply_line(3), 0)


def test_no_lines_give_no_replies(monkeypatch: pytest.MonkeyPatch) -> None:
    run = Run(monkeypatch, b"", "--lines", *DEFINITION)
    assert (run.out, run.errors, run.status) == (b"", "", 0)


def test_nothing_at_all_is_a_bad_request(monkeypatch: pytest.MonkeyPatch) -> None:
    run = Run(monkeypatch, b"", *DEFINITION)
    assert (run.out, run.errors, run.status) == (b"", "line 1: request: is empty\n", 2)


def test_names_beyond_ascii_are_written_as_utf_8_whatever_the_terminal(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def rename(definition: Json) -> None:
        definition["strengths"][0]["name"] = "Planung für später"

    definition = make_definition()
    rename(definition)
    path = tmp_path / "definition.json"
    path.write_text(json.dumps(definition))
    run = Run(monkeypatch, request_line(1), "--definition", str(path))
    assert "Planung für später".encode() in run.out
    assert run.out == reply_line(1, make_questionnaire(rename))


def test_faulty_definition_is_told_fault_by_fault(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    definition = make_definition()
    definition["name"], definition["sections"][2]["questions"][0]["strength"] = (
        5,
        "singing",
    )
    path = tmp_path / "definition.json"
    path.write_text(json.dumps(definition))
    run = Run(monkeypatch, request_line(1), "--definition", str(path))
    assert run.errors.splitlines() == [
        f"{path}: name: must be text",
        f"{path}: sections[2].questions[0].strength: no strength has the slug singing",
    ]
    assert (run.out, run.status) == (b"", 2)


def test_missing_definition_file_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with pytest.raises(
        CommandError, match="nowhere.json: No such file or directory"
    ) as caught:
        Run(monkeypatch, b"", "--definition", str(tmp_path / "nowhere.json"))
    assert caught.value.returncode == 2


@pytest.mark.django_db
def test_database_without_a_version_falls_back_to_the_default(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    Version.objects.all().delete()
    assert Run(monkeypatch, request_line(1)).out == reply_line(1)


def make_version(number: int, questionnaire: Definition) -> Version:
    return Version.objects.create(
        number=number,
        name=questionnaire.name,
        definition=questionnaire.to_json(),
        sha256=questionnaire.sha256,
        published_at=timezone.now(),
    )


@pytest.mark.django_db
def test_published_version_is_used_and_an_older_one_by_its_hash(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    Version.objects.all().delete()
    older, newer = (
        make_questionnaire(leans_floor="7"),
        make_questionnaire(leans_floor="9"),
    )
    make_version(1, older)
    make_version(2, newer)
    assert Run(monkeypatch, request_line(1)).out == reply_line(1, newer)
    assert Run(
        monkeypatch, request_line(1), "--version", older.sha256
    ).out == reply_line(1, older)


@pytest.mark.django_db
def test_unknown_hash_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    for unknown in ("0" * 64, ""):
        with pytest.raises(
            CommandError, match=f"no version has the SHA-256 {unknown}"
        ) as caught:
            Run(monkeypatch, request_line(1), "--version", unknown)
        assert caught.value.returncode == 2


def test_process_without_any_database_scores_a_definition_and_streams() -> None:
    environment = {
        "PATH": "/usr/bin:/bin",
        "DEBUG": "1",
        "SECRET_KEY": "for-this-test-alone-and-for-nothing-else-0123456789",
        "DATABASE_URL": "postgresql://nobody@127.0.0.1:9/none",
        "PYTHONIOENCODING": "ascii",
    }
    command = [sys.executable, str(ROOT / "manage.py"), "score", "--lines", *DEFINITION]
    with subprocess.Popen(
        command,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdin
        assert process.stdout
        assert process.stderr
        for number in (1, 2):  # each reply comes before the next request is sent
            process.stdin.write(request_line(number))
            process.stdin.flush()
            assert process.stdout.readline() == reply_line(number)
        process.stdin.close()
        assert process.stderr.read() == b""
        assert process.wait(timeout=20) == 0


@pytest.mark.parametrize(
    ("first", "status"),
    [(b"", 0), (b"{}\n", 2)],
    ids=["all well", "one refused before"],
)
def test_reader_who_has_enough_ends_it_quietly(first: bytes, status: int) -> None:
    command = [sys.executable, str(ROOT / "manage.py"), "score", "--lines", *DEFINITION]
    environment = {
        "PATH": "/usr/bin:/bin",
        "DEBUG": "1",
        "SECRET_KEY": "for-this-test-alone-and-for-nothing-else-0123456789",
    }
    with subprocess.Popen(
        command,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdin
        assert process.stdout
        assert process.stderr
        process.stdin.write(first + request_line(1))
        process.stdin.flush()
        assert process.stdout.readline() == reply_line(1)
        process.stdout.close()
        process.stdin.write(request_line(2))
        process.stdin.close()
        assert process.stderr.read().count(b"\n") == bool(first)
        assert process.wait(timeout=20) == status
