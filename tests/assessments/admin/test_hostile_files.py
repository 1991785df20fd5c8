"""Files made to break what reads them are refused in a sentence, or come in escaped."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from assessments.models import Question, Questionnaire, Section, Version
from tests.support.dom import parse
from tests.support.staff import address

pytestmark = pytest.mark.django_db
MARKUP = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"
Definition = dict[str, Any]


def with_name(name: str) -> Callable[[Definition], bytes]:
    return lambda data: json.dumps(data | {"name": name}).encode()


def with_value(text: str) -> Callable[[Definition], bytes]:
    """The definition with this text, which may be no JSON, in place of a number."""
    return lambda data: (
        json.dumps(data | {"scorer": 0})
        .replace('"scorer": 0', f'"scorer": {text}')
        .encode("utf-8", "surrogatepass")
    )


def plain(content: bytes) -> Callable[[Definition], bytes]:
    return lambda data: content


def intro(text: str) -> Callable[[Definition], bytes]:
    return lambda data: json.dumps(data | {"intro": text}).encode()


def sections(data: Definition) -> bytes:
    return json.dumps(data | {"sections": data["sections"] * 60}).encode()


FILES: dict[str, Callable[[Definition], bytes]] = {
    "nothing": plain(b""),
    "a NUL": plain(b"\0"),
    "no text": plain(bytes(range(256))),
    "a picture": plain(b"\x89PNG\r\n\x1a\n" + b"\0" * 100),
    "a zip": plain(b"PK\x03\x04" + b"\0" * 100),
    "depth of lists": plain(b"[" * 100_000),
    "closed depth of lists": plain(b"[" * 5_000 + b"]" * 5_000),
    "depth of objects": plain(b'{"a":' * 100_000),
    "a number alone": plain(b"1"),
    "a list": plain(b"[]"),
    "an empty object": plain(b"{}"),
    "null": plain(b"null"),
    "NaN": with_value("NaN"),
    "infinity": with_value("-Infinity"),
    "a large exponent": with_value("1e1000000"),
    "many digits": with_value("9" * 5_000),
    "a fraction over nothing": with_value('"1/0"'),
    "a fraction of many digits": with_value(f'"1/{"9" * 5_000}"'),
    "a lone surrogate": with_value('"\\ud800"'),
    "a raw surrogate": with_value('"\ud800"'),
    "an object for a name": with_value('{"__class__": "os.system"}'),
    "NUL in a name": with_name("a\0b"),
    "a long name": with_name("a" * 100_000),
    "markup in a name": with_name(MARKUP[:60]),
    "markup in the intro": intro(MARKUP),
    "a template in the intro": intro("{% load static %}{{ settings.SECRET_KEY }}"),
    "a long intro": intro("word " * 60_000),
    "many sections": sections,
    "too many bytes": plain(b'{"intro": "' + b"a" * 600_000 + b'"}'),
    "UTF-16": lambda data: json.dumps(data).encode("utf-16"),
    "a mark of byte order": lambda data: b"\xef\xbb\xbf" + json.dumps(data).encode(),
    "the same key twice": lambda data: (
        b'{"intro": "a", ' + json.dumps(data).encode()[1:]
    ),
    "a key too many": lambda data: json.dumps(
        data | {"__proto__": {"admin": True}}
    ).encode(),
}


def rows() -> list[int]:
    return [model.objects.count() for model in (Questionnaire, Section, Question)]


def upload(client: Client, content: bytes) -> HttpResponse:
    file = SimpleUploadedFile(MARKUP[:40], content, "text/html")
    return client.post(address("questionnaire_upload"), {"file": file})


@pytest.mark.parametrize("kind", FILES)
def test_hostile_file_is_refused_or_escaped(
    editor: Client, questionnaire: Version, kind: str
) -> None:
    before = rows()
    response = upload(editor, FILES[kind](json.loads(questionnaire.definition)))
    if response.status_code == 302:
        response = editor.get(response["Location"])
        assert response.status_code == 200
    else:
        assert (response.status_code, rows()) == (422, before)
        page = parse(response)
        assert page.has("[role=alert]") or page.has(".errorlist")
    text = response.content.decode()
    assert "<script>alert" not in text
    assert "<img src=x" not in text
    assert "Traceback" not in text
