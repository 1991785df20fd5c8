"""The engine stands alone: the standard library and itself."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

ENGINE = Path(__file__).resolve().parents[2] / "assessments" / "engine"


def test_engine_imports_the_standard_library_and_itself_alone() -> None:
    foreign = set()
    for path in ENGINE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                foreign |= {alias.name for alias in node.names if alias.name.split(".")[0] not in sys.stdlib_module_names}
            elif isinstance(node, ast.ImportFrom):
                name = (node.module or "").split(".")[0]
                if node.level > 1 or (node.level == 0 and name not in sys.stdlib_module_names):
                    foreign.add(f"{'.' * node.level}{node.module}")
    assert foreign == set()
