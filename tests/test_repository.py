"""The repository keeps its own rules.

Arrows between rooms, sizes, nothing inline, documentation that does not rot.
"""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("rolefit", "content", "assessments")
FILES = [
    ROOT / name
    for name in subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split("\n")
    if name
]
CODE = [
    path
    for path in FILES
    if path.suffix == ".py" and path.exists() and "migrations" not in path.parts
]
TEMPLATES = [
    path
    for path in FILES
    if path.suffix == ".html" and path.exists() and "templates" in path.parts
]
MAX_TEMPLATE_LINE = 160  # characters
# Where text is marked safe, and why it is.
MARKED_SAFE = {
    "assessments/web.py": "an SVG that segno draws from an address of ours",
    "content/admin/pages.py": "rich text, sanitized, for the choice between two texts",
    "templates/content/_block_prose.html": (
        "rich text that was sanitized when it was saved"
    ),
}


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def imports(path: Path) -> Iterator[str]:
    """Absolute names of everything that a module imports."""
    package = name_of(path).removesuffix(".py").replace("/", ".").split(".")[:-1]
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = (
                ".".join(
                    [
                        *package[: len(package) - node.level + 1],
                        *([node.module] if node.module else []),
                    ]
                )
                if node.level
                else node.module or ""
            )
            yield from (f"{base}.{alias.name}" for alias in node.names)


# Imports that point the wrong way, one for each hole that a list kept by hand once had.
FORBIDDEN_IMPORTS = [
    ("assessments.actions.share_links", "assessments.coaches.group_forms"),
    ("assessments.actions.attempts", "assessments.results.report"),
    ("assessments.actions.grants", "assessments.visitors.taking"),
    ("assessments.queries.sums", "assessments.results.report"),
    ("assessments.queries.dashboard", "assessments.visitors.results"),
    ("assessments.queries.clients", "assessments.actions.clients"),
    ("assessments.results.scoring_facts", "assessments.actions.attempts"),
    ("assessments.results.scopes", "assessments.visitors.results"),
    ("assessments.results.lean_figure", "assessments.admin.versions"),
    ("assessments.visitors.data", "assessments.coaches.clients"),
    ("assessments.quality.tables", "assessments.drafts.coverage"),
    ("assessments.engine.scoring", "assessments.models.attempts"),
    ("assessments.models.attempts", "assessments.queries.versions"),
    ("assessments.models.sharing", "rolefit.settings"),
    ("content.actions", "assessments.models.attempts"),
]


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-logo", "--no-cache"],
        cwd=folder,
        capture_output=True,
        text=True,
    )


def test_packages_import_only_what_stands_below_them() -> None:
    linted = lint_imports(ROOT)
    assert linted.returncode == 0, linted.stdout


def test_contracts_name_every_forbidden_import(tmp_path: Path) -> None:
    for package in PACKAGES:
        shutil.copytree(ROOT / package, tmp_path / package)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for module, imported in FORBIDDEN_IMPORTS:
        path = tmp_path / f"{module.replace('.', '/')}.py"
        with path.open("a") as file:
            file.write(f"import {imported}\n")
    # Pages wrap at the width of the terminal, which would cut names in two.
    linted = " ".join(lint_imports(tmp_path).stdout.split())
    found = [pair for pair in FORBIDDEN_IMPORTS if " -> ".join(pair) in linted]
    assert found == FORBIDDEN_IMPORTS


FLAT_MODULES = {"__init__", "answering", "apps", "csv_cells", "keys", "typed", "urls"}
FLAT_MODULES |= {"web", "zones"}


def test_assessments_keeps_its_modules_in_packages() -> None:
    flat = {path.stem for path in (ROOT / "assessments").glob("*.py")}
    assert flat == FLAT_MODULES


# Public names that several modules may define, and why.
REPEATED_NAMES = {
    "Command": "Django finds a management command by this name",
    "register": "Django finds the tags of a template library by this name",
    "urlpatterns": "Django finds the addresses of a module by this name",
    "PAGE": "each module of content/article holds one page, and nothing else is read",
}
PAGES = "assessments.(visitors|coaches|drafts|quality|admin)"


def public_names(path: Path) -> Iterator[str]:
    """Classes, functions and constants at the top of a module."""
    for node in ast.parse(path.read_text()).body:
        if isinstance(node, ast.ClassDef | ast.FunctionDef):
            yield node.name
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            yield from (
                name.id
                for target in targets
                for name in ast.walk(target)
                if isinstance(name, ast.Name)
            )


def is_verb_of_an_action(modules: list[str]) -> bool:
    """Whether one action and one page share the verb: the page calls the action."""
    pages = [module for module in modules if re.match(PAGES, module)]
    actions = [m for m in modules if m.startswith("assessments.actions.")]
    return len(modules) == 2 and len(pages) == len(actions) == 1


def test_no_name_means_two_things() -> None:
    modules_of = defaultdict(set)
    for path in CODE:
        module = name_of(path).removesuffix(".py").replace("/", ".")
        if module.startswith(PACKAGES):
            for name in public_names(path):
                if not name.startswith("_"):
                    modules_of[name].add(module)
    repeated = {
        name: sorted(modules)
        for name, modules in modules_of.items()
        if len(modules) > 1
    }
    assert repeated.keys() >= REPEATED_NAMES.keys(), "an exception that nothing needs"
    assert {
        name: modules
        for name, modules in repeated.items()
        if name not in REPEATED_NAMES and not is_verb_of_an_action(modules)
    } == {}


WRITES = {
    "bulk_create",
    "bulk_update",
    "create",
    "delete",
    "get_or_create",
    "save",
    "update",
    "update_or_create",
}
READERS = ("visitors", "coaches", "drafts", "quality", "results", "queries")


def test_pages_and_queries_leave_writing_to_actions() -> None:
    writes = {
        f"{name_of(path)}:{node.lineno}"
        for folder in READERS
        for path in (ROOT / "assessments" / folder).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in WRITES
    }
    assert writes == set()


def test_engine_imports_the_standard_library_and_itself_alone() -> None:
    foreign = [
        f"{name_of(path)} imports {name}"
        for path in CODE
        if name_of(path).startswith("assessments/engine/")
        for name in imports(path)
        if not name.startswith("assessments.engine")
        and name.partition(".")[0] not in sys.stdlib_module_names
    ]
    assert foreign == []


def test_no_test_imports_from_another_test() -> None:
    crossing = [
        f"{name_of(path)} imports {name}"
        for path in CODE
        if path.stem.startswith("test_")
        for name in imports(path)
        if re.match(r"tests\..*\btest_", name)
    ]
    assert crossing == []


def test_no_module_is_a_drawer() -> None:
    drawers = [
        name_of(path)
        for path in CODE
        if path.stem in ("utils", "util", "common", "helpers", "helper", "misc")
    ]
    assert drawers == []


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_template_has_nothing_inline(path: Path) -> None:
    text = path.read_text()
    # A script of JSON is data and never runs.
    code = r"<script(?![^>]*\b(?:src=|type=\"application/json\"))[^>]*>"
    assert re.findall(code, text) == []
    assert re.findall(r"<style\b", text) == []
    assert re.findall(r"\s(?:style|on[a-z]+)=[\"']", text) == []
    assert re.findall(r"javascript:", text) == []


def test_no_line_of_a_template_is_long() -> None:
    # djhtml indents lines and never breaks one.
    long = [
        f"{name_of(path)}:{number}"
        for path in TEMPLATES
        for number, line in enumerate(path.read_text().split("\n"), 1)
        if len(line) > MAX_TEMPLATE_LINE
    ]
    assert long == []


def test_text_is_marked_safe_in_known_places_alone() -> None:
    # Built in pieces, or this line would find itself.
    pattern = re.compile("mark" + r"_safe\(|\|" + r"safe\b|autoescape" + " off")
    found = {
        name_of(path)
        for path in [*CODE, *TEMPLATES]
        if not name_of(path).startswith("tests/") and pattern.search(path.read_text())
    }
    assert found <= MARKED_SAFE.keys()


def test_every_setting_is_in_the_readme_and_the_other_way_round() -> None:
    read = set(
        re.findall(
            r'env\.\w+\(\s*"([A-Z_]+)"', (ROOT / "rolefit/settings.py").read_text()
        )
    )
    written = set(
        re.findall(r"^\| `([A-Z_]+)` \|", (ROOT / "README.md").read_text(), re.M)
    )
    assert read == written


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_every_requirement_is_pinned_by_hash(name: str) -> None:
    text = (ROOT / name).read_text().replace("\\\n", " ")
    lines = [
        line
        for line in text.split("\n")
        if line.strip() and not line.lstrip().startswith("#")
    ]
    assert lines
    assert [
        line for line in lines if "==" not in line or "--hash=sha256:" not in line
    ] == []


def requirements_of(name: str) -> list[str]:
    """What an installed package asks for; nothing for a package of another system,
    which is locked but not installed here.
    """
    try:
        return distribution(name).requires or []
    except PackageNotFoundError:
        return []


def test_no_package_asks_for_an_extra_that_the_lock_does_not_name() -> None:
    # pip looks for the newest "coverage[toml]" although "coverage" is pinned, so the
    # next release of it would break every fresh machine.
    pinned = re.findall(
        r"^([\w.-]+(?:\[[\w,-]+\])?)==",
        (ROOT / "requirements-dev.txt").read_text(),
        re.M,
    )
    asked = {
        (name, wanted.group())
        for name in {re.sub(r"\[.*", "", each) for each in pinned}
        for requirement in requirements_of(name)
        if "extra ==" not in requirement
        and (wanted := re.match(r"[\w.-]+\[[\w,-]+\]", requirement))
    }
    assert [
        (name, wanted) for name, wanted in sorted(asked) if wanted not in pinned
    ] == []


def test_every_dependency_has_its_reason() -> None:
    text = (ROOT / "pyproject.toml").read_text()
    lists = re.findall(r"^(?:dependencies|dev) = \[\n(.*?)^\]", text, re.M | re.S)
    assert len(lists) == 2
    assert [
        line for each in lists for line in each.strip().split("\n") if "#" not in line
    ] == []


def test_pictures_and_pages_that_the_documents_name_exist() -> None:
    for document in (path for path in FILES if path.suffix == ".md" and path.exists()):
        for target in re.findall(
            r"\]\((?!https?:|#|mailto:)([^)#]+)", document.read_text()
        ):
            assert (document.parent / target).exists(), (
                f"{name_of(document)} names {target}"
            )
