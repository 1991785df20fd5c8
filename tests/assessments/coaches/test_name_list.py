"""Lists of people as coaches paste and upload them."""

from __future__ import annotations

import time

import pytest

from assessments.actions.personal_links import MAX_NAMES, Person
from assessments.coaches.name_list import (
    LONG_LINE,
    MAX_LIST,
    NotText,
    TooLong,
    as_text,
    decoded,
    read_list,
)

ADA, BEN = Person("Ada Lovelace", "ada@example.org"), Person("Ben", "ben@example.org")


def people(text: str) -> list[Person | None]:
    return [line.person for line in read_list(text)]


@pytest.mark.parametrize(
    "text",
    [
        "Ada Lovelace <ada@example.org>\nBen <ben@example.org>",
        "Ada Lovelace <ADA@example.org>; Ben <ben@example.org>;",
        "Ada Lovelace< ada@example.org >  \n Ben<ben@example.org >",
        '"Ada Lovelace" <ada@example.org>, Ben <ben@example.org>',
        "Ada Lovelace, ada@example.org\r\n\r\n  Ben , ben@example.org\r\n",
        "Ada Lovelace\tada@example.org\nBen\tben@example.org",
        "Ada;Lovelace;ada@example.org;Team A\nBen;;ben@example.org;Team A",
        "ada@example.org,Ada Lovelace\nben@example.org,Ben",
        "Ada Lovelace <ada@example.org>\nBen\tben@example.org",
        "Name,Email\nAda Lovelace,ada@example.org\nBen,ben@example.org",
        "\ufeffE-Mail;Phone;Name\nada@example.org;1;Ada Lovelace\nben@example.org;;Ben",
        "last_name\tFirst Name\temail\nLovelace\tAda\tada@example.org\n"
        "\tBen\tben@example.org",
        'Notes,Name,Email\n"a\nb",Ada Lovelace,ada@example.org\n,Ben,ben@example.org',
    ],
)
def test_same_people_however_they_are_written(text: str) -> None:
    assert people(text) == [ADA, BEN]


def test_names_alone_are_people() -> None:
    assert people("Ada\n\u202eBen\u0000\nΕλένη") == [
        Person("Ada"),
        Person("Ben"),
        Person("Ελένη"),
    ]
    assert people("name\nAda\n") == [Person("Ada")]
    assert people("") == people("\n ; \n") == []


def test_line_that_is_no_person_says_why() -> None:
    lines = read_list(
        "Ada <ada@example>\n<ben@example.org>\n" + "x" * 61 + "\n" + "x" * 401 + "\n"
        "Cy <" + "c" * 260 + "@example.org>\n"
        "Dan <dan@example.org>\nDaniel <DAN@example.org>\nEve\neve\n"
    )
    assert [line.number for line in lines if line.problem] == [1, 2, 3, 4, 5, 7, 9]
    assert all((line.person is None) == bool(line.problem) for line in lines)
    assert [line.person.name for line in lines if line.person] == ["Dan", "Eve"]


def processor_seconds(text: str) -> float:
    begun = time.thread_time()
    read_list(text)
    return time.thread_time() - begun


@pytest.mark.parametrize(
    "pattern", ["<{}x", "{}<", "<x{}", ">{}x", "Name\n<{}x", "Name\n>{}x"]
)
def test_no_list_takes_longer_than_others_of_its_length(pattern: str) -> None:
    room = MAX_LIST - len(pattern)
    plain = processor_seconds("x" * MAX_LIST)
    assert processor_seconds(pattern.format(" " * room)) < 25 * plain + 0.05


def test_line_too_long_for_a_person_is_not_read() -> None:
    [line] = read_list(f"Ada <{' ' * 400}ada@example.org>")
    assert (line.person, line.problem) == (None, LONG_LINE)
    assert len(line.typed) <= 200
    # Other columns of a table may be as long as they like.
    assert people(f"Name,Email,Notes\nBen,ben@example.org,{'x' * 401}") == [BEN]


def test_list_reads_back_as_it_was_written() -> None:
    listed = [ADA, Person('=Name "x"; y, z'), Person("name", "n@example.org")]
    assert people(as_text(listed)) == listed


def test_five_hundred_people_and_no_more() -> None:
    text = "\n".join(f"P{number}" for number in range(MAX_NAMES))
    assert len(people(text)) == len(people(f"Name\n{text}")) == MAX_NAMES
    for longer in (f"{text}\nlast", f"Name\n{text}\nlast", f"{text}\none\nlast"):
        with pytest.raises(TooLong):
            read_list(longer)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_files_as_spreadsheets_save_them(encoding: str) -> None:
    assert people(decoded("Zoë;zoe@example.org".encode(encoding))) == [
        Person("Zoë", "zoe@example.org")
    ]


@pytest.mark.parametrize("file", [b"PK\x03\x04", b"\x89PNG\0", b"\xff\xfe\x00"])
def test_file_that_is_no_text_is_refused(file: bytes) -> None:
    with pytest.raises(NotText):
        decoded(file)
