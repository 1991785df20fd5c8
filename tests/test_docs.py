"""What code and documents cite exists; what they say of the repository is true."""

from __future__ import annotations

import re
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from assessments.defaults import default_questionnaire

ROOT = Path(__file__).parents[1]
TEXT = {".py", ".html", ".md", ".txt", ".js", ".css", ".toml", ".yml", ".yaml", ".json"}
FILES = [
    ROOT / name
    for name in subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split("\n")
    if name and (ROOT / name).exists()
]
# A merged migration is never edited, so an old one may cite what is gone. This file
# cites what is not there on purpose.
CITING = [
    path
    for path in FILES
    if path.suffix in TEXT and "migrations" not in path.parts and path != Path(__file__)
]
DOCUMENTS = [path for path in FILES if path.suffix == ".md"]

CITED = re.compile(
    r"docs/(?P<page>[\w-]+\.md)(?:,? sections? (?P<sections>[\d., ]+(?:(?:and|to)"
    r" [\d.]+)?))?"
)
NUMBER = re.compile(r"\d+(?:\.\d+)*")
HEADING = re.compile(r"^#+ (\d+(?:\.\d+)*)\.? ", re.M)
RULE = re.compile(r"\bP(?:[1-9]|1\d)\b")
PATH = re.compile(
    r"\b(?:assessments|content|rolefit|tests|tools|templates|static|docs)/"
    r"(?:[\w.-]+/)*(?:[\w-]+\.[a-z]+)?(?![\w<…*])"
)


def citations(text: str) -> Iterator[tuple[str, str | None]]:
    """Each page of docs/ that a text cites, with each section, or None where it cites
    the whole page.
    """
    running = re.sub(r"\s*\n\s*(?:#\s*)?", " ", text)  # a comment may be wrapped
    for cited in CITED.finditer(running):
        numbers = NUMBER.findall(cited["sections"] or "")
        for number in numbers or [None]:
            yield cited["page"], number


def sections(page: str) -> set[str]:
    return set(HEADING.findall((ROOT / "docs" / page).read_text()))


def test_a_citation_is_read_with_all_its_sections() -> None:
    text = (
        "see docs/a.md section 2.5, docs/b.md\n    # sections 1.4, 2 and 3.1; docs/c.md"
    )
    assert list(citations(text)) == [
        ("a.md", "2.5"),
        ("b.md", "1.4"),
        ("b.md", "2"),
        ("b.md", "3.1"),
        ("c.md", None),
    ]


def test_every_cited_page_and_section_exists() -> None:
    missing = [
        f"{path.relative_to(ROOT)} cites {page} section {number}"
        for path in CITING
        for page, number in citations(path.read_text())
        if not (ROOT / "docs" / page).exists()
        or (number is not None and number not in sections(page))
    ]
    assert missing == []


def test_specification_is_cited() -> None:
    """The test before would be green if nothing were found."""
    cited = [
        number
        for path in CITING
        if path.suffix == ".py"
        for page, number in citations(path.read_text())
        if page == "instrument.md" and number
    ]
    assert len(cited) > 50


def test_every_rule_of_publishing_is_in_the_specification() -> None:
    specification = (ROOT / "docs/instrument.md").read_text()
    described = set(re.findall(r"^- (P\d+) ", specification, re.M))
    assert described == {f"P{number}" for number in range(1, 17)}
    named = {
        rule
        for path in CITING
        if path.relative_to(ROOT).parts[0] in ("assessments", "templates", "docs")
        for rule in RULE.findall(path.read_text())
    }
    assert named <= described


def test_default_questions_stand_in_the_specification_word_for_word() -> None:
    specification = (ROOT / "docs/instrument.md").read_text()
    cells = {cell.strip() for cell in specification.split("|")}
    texts = [
        statement.text
        for question in default_questionnaire().questions_of("full")
        for statement in question.statements
    ]
    assert len(texts) == 37
    assert [text for text in texts if text not in cells] == []


@pytest.mark.parametrize(
    "document", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix()
)
def test_every_path_in_a_document_exists(document: Path) -> None:
    quoted = re.findall(r"`([^`\n]+)`", document.read_text())
    paths = {path for text in quoted for path in PATH.findall(text)}
    assert [path for path in sorted(paths) if not (ROOT / path).exists()] == []


def test_every_name_cited_with_its_file_stands_in_it() -> None:
    """Such as `SCORERS` in `assessments/engine/scorers.py`."""
    cited = {
        (name, file)
        for document in DOCUMENTS
        for name, file in re.findall(
            r"`([A-Za-z_]\w+)` in `([\w/.]+\.\w+)`",
            document.read_text().replace("\n", " "),
        )
    }
    assert ("ALARM_LIMITS", "assessments/engine/quality.py") in cited
    assert [
        f"{name} in {file}"
        for name, file in sorted(cited)
        if not re.search(rf"\b{name}\b", (ROOT / file).read_text())
    ] == []


def test_no_two_sections_of_a_page_have_the_same_number() -> None:
    numbers = {
        page: HEADING.findall(page.read_text()) for page in (ROOT / "docs").glob("*.md")
    }
    assert len(numbers[ROOT / "docs/instrument.md"]) > 20
    assert {
        page.name: found
        for page, found in numbers.items()
        if len(set(found)) < len(found)
    } == {}


def test_nothing_cites_pages_that_are_not_in_the_repository() -> None:
    gone = re.compile(r"\b(?:INSTRUMENT|DESIGN)\.md")
    assert [
        path.relative_to(ROOT).as_posix()
        for path in CITING
        if gone.search(path.read_text())
    ] == []


def test_decisions_are_numbered_alike() -> None:
    titles = {
        path.name[:4]: path.read_text().split("\n")[0]
        for path in sorted((ROOT / "docs/decisions").glob("*.md"))
    }
    assert list(titles) == [f"{number:04}" for number in range(1, len(titles) + 1)]
    assert [
        title
        for number, title in titles.items()
        if not title.startswith(f"# {int(number)}. ")
    ] == []


def test_changelog_begins_with_the_version_of_the_project() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    first = re.search(
        r"^## (\S+), \w+ \d+, \d{4}$", (ROOT / "CHANGELOG.md").read_text(), re.M
    )
    assert first
    assert first[1] == version


def test_manage_py_is_typed_with_the_environment_before_it() -> None:
    """A command in a block is typed as it stands; `python` alone is not that of the
    site.
    """
    bare = [
        f"{document.relative_to(ROOT)}: {line}"
        for document in DOCUMENTS
        for block in re.findall(r"^```\n(.*?)^```", document.read_text(), re.M | re.S)
        for line in block.split("\n")
        if re.match(r"(?:python3? )?(?:\./)?manage\.py |pytest |python ", line)
    ]
    assert bare == []


def test_every_make_target_in_a_document_exists() -> None:
    targets = set(re.findall(r"^([.\w/]+):", (ROOT / "Makefile").read_text(), re.M))
    named = {
        target
        for document in DOCUMENTS
        for target in re.findall(r"(?:^|`)make ([.\w/]+)", document.read_text(), re.M)
    }
    assert {"demo", "run", "test", ".venv/dev"} <= named
    assert named <= targets


def test_forge_runs_what_a_person_runs() -> None:
    workflow = (ROOT / ".github/workflows/tests.yml").read_text()
    assert re.findall(r"run: (.+)", workflow) == ["make test", "make check"]
