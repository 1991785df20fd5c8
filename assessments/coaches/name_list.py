"""Reads a list of people: one a line, or a table with or without a header."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from dataclasses import dataclass
from io import StringIO

from django import forms

from assessments.actions.personal_links import MAX_NAMES, Person
from assessments.typed import MAX_READ, AddressField, NameField, visible_name

# Bytes of a file, and characters of a text. 500 names with addresses take about 25,000.
MAX_LIST = 60_000
MAX_NAME, MAX_ADDRESS = 60, 254
NAME_HEADS = {"name", "full name", "participant", "client", "student"}
FIRST_HEADS = {"first name", "firstname", "given name", "forename"}
LAST_HEADS = {"last name", "lastname", "surname", "family name"}
ADDRESS_HEADS = {
    "email",
    "e-mail",
    "mail",
    "email address",
    "e-mail address",
    "address",
}
# Ada Lovelace <ada@example.org>. No two parts take the same character: otherwise a long
# line would be tried in as many ways as it has spaces.
IN_BRACKETS = re.compile(r"\A(?P<name>[^<>]*)<(?P<address>[^<>]*)>\Z")
# Several of them in one line, as mail programs copy them.
BETWEEN_BRACKETS = re.compile(r"(?<=>)\s*[;,]\s*")
LONG_LINE = (
    f"This line is longer than {MAX_READ} characters. Write each person on a new line."
)
_NAME = NameField(
    max_length=MAX_NAME,
    error_messages={
        "required": "Add a name.",
        "max_length": f"The name is longer than {MAX_NAME} characters.",
    },
)
_ADDRESS = AddressField(
    required=False,
    max_length=MAX_ADDRESS,
    error_messages={
        "max_length": f"The email address is longer than {MAX_ADDRESS} characters.",
        "invalid": "Write the email address like name@example.org.",
    },
)


class TooLong(Exception):
    """More than MAX_NAMES people."""


class NotText(Exception):
    """The file is a spreadsheet or a picture, and no text."""


@dataclass(frozen=True, slots=True)
class Line:
    """One person of a list, or why there is none. `number` counts lines from 1."""

    number: int
    typed: str
    person: Person | None
    problem: str = ""


def decoded(file: bytes) -> str:
    """The text of a file as spreadsheets save it. Raises NotText."""
    try:
        if file.startswith((b"\xff\xfe", b"\xfe\xff")):
            text = file.decode("utf-16")
        else:
            text = file.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = file.decode("cp1252", errors="replace")
    if "\0" in text or file.startswith(b"PK"):
        raise NotText
    return text


def read_list(text: str) -> list[Line]:
    """Each person of a list of at most MAX_LIST characters. Raises TooLong."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    first = next((line for line in text.split("\n") if line.strip()), "")
    columns = next((_columns(cells) for _, cells in _rows(first, _mark(first))), None)
    rows = (
        _rows(text, _mark(first))[1:]
        if columns
        else _lines(BETWEEN_BRACKETS.sub("\n", text))
    )
    if len(rows) > MAX_NAMES:
        raise TooLong
    seen: set[tuple[str, str]] = set()
    lines = []
    for number, cells in rows:
        if not columns and sum(map(len, cells)) > MAX_READ:
            typed = visible_name(" ".join(cells)[:MAX_READ])
            lines.append(Line(number, typed[:200], None, LONG_LINE))
            continue
        name, address = _by_column(cells, columns) if columns else _by_look(cells)
        lines.append(_line(number, name, address, seen))
    return lines


def as_text(people: Iterable[Person]) -> str:
    """The same people as a list that read_list reads."""
    file = StringIO()
    writer = csv.writer(file, delimiter="\t", lineterminator="\n")
    writer.writerow(["name", "email"])
    writer.writerows([person.name, person.email] for person in people)
    return file.getvalue()


def _rows(text: str, mark: str) -> list[tuple[int, list[str]]]:
    """The lines of a table that have something in them, each split into its cells."""
    reader = csv.reader(StringIO(text, newline=""), delimiter=mark)
    rows = []
    for cells in reader:
        stripped = [cell.strip() for cell in cells]
        if any(stripped):
            rows.append((reader.line_num, stripped))
    return rows


def _lines(text: str) -> list[tuple[int, list[str]]]:
    """The same for a list without a header, in which each line has its own mark."""
    return [
        (number, cells)
        for number, line in enumerate(text.split("\n"), start=1)
        for _, cells in _rows(line, _mark(line))
    ]


def _mark(line: str) -> str:
    """What stands between the cells of a line."""
    return next((mark for mark in "\t;" if mark in line), ",")


def _columns(cells: list[str]) -> dict[str, int] | None:
    """Which column has what, if these cells are a header."""
    kinds = {
        "name": NAME_HEADS,
        "first": FIRST_HEADS,
        "last": LAST_HEADS,
        "address": ADDRESS_HEADS,
    }
    columns: dict[str, int] = {}
    for number, cell in enumerate(cells):
        head = " ".join(cell.casefold().replace("_", " ").split())
        for kind, heads in kinds.items():
            if head in heads:
                columns.setdefault(kind, number)
    return columns if columns.keys() & {"name", "first", "last"} else None


def _by_column(cells: list[str], columns: dict[str, int]) -> tuple[str, str]:
    def cell(kind: str) -> str:
        number = columns.get(kind, len(cells))
        return cells[number] if number < len(cells) else ""

    return cell("name") or f"{cell('first')} {cell('last')}".strip(), cell("address")


def _by_look(cells: list[str]) -> tuple[str, str]:
    """Name and address of a line without a header.

    The address is the cell with an @. The name is what stands before it, or else
    behind.
    """
    if match := IN_BRACKETS.match(", ".join(cells).strip()):
        return match["name"].strip().strip('"'), match["address"]
    place = next((at for at, cell in enumerate(cells) if "@" in cell), len(cells))
    before = " ".join(cells[:place]).strip()
    address = cells[place] if place < len(cells) else ""
    return before or next((cell for cell in cells[place + 1 :] if cell), ""), address


def _line(number: int, name: str, address: str, seen: set[tuple[str, str]]) -> Line:
    typed = " ".join(
        part for part in (visible_name(name), visible_name(address)) if part
    )
    try:
        person = Person(_NAME.clean(name), _ADDRESS.clean(address))
    except forms.ValidationError as error:
        return Line(number, typed[:200], None, error.messages[0])
    # An address tells people apart; without one, only the name does.
    key = ("", person.email) if person.email else (person.name.casefold(), "")
    if key in seen:
        return Line(number, typed, None, "This person is in the list twice.")
    seen.add(key)
    return Line(number, typed, person)
