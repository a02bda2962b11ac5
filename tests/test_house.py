"""The house stays fit to live in: no circle of imports, no long module or function, names told once."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

from tests.test_imports import MODULES, PACKAGE, imports, name_of

LONGEST_MODULE, LONGEST_FUNCTION, TYPICAL_FUNCTION = 300, 40, 10
NAMES = {".".join(m.relative_to(PACKAGE.parent).with_suffix("").parts): m for m in MODULES}


def needed(module: Path) -> set[str]:
    """The package's modules that a module imports anywhere, even inside a function."""
    found = set()
    for name in imports(module):
        for known in (name, name.rpartition(".")[0]):
            found |= {known, f"{known}.__init__"} & NAMES.keys()
    return found - {name for name, path in NAMES.items() if path == module}


def functions(module: Path) -> Iterator[tuple[str, int]]:
    """Every function's name and length in lines, its decorators left out."""
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert node.end_lineno is not None
            yield node.name, node.end_lineno - node.lineno + 1


def test_no_module_needs_itself_by_a_detour() -> None:
    graph = {name: needed(module) for name, module in NAMES.items()}
    assert list(TopologicalSorter(graph).static_order())


@pytest.mark.parametrize("module", MODULES, ids=name_of)
def test_modules_and_functions_stay_short(module: Path) -> None:
    assert len(module.read_text(encoding="utf-8").splitlines()) <= LONGEST_MODULE
    assert [name for name, lines in functions(module) if lines > LONGEST_FUNCTION] == []


def test_a_typical_function_is_seen_at_a_glance() -> None:
    lengths = sorted(lines for module in MODULES for _, lines in functions(module))
    assert lengths[len(lengths) // 2] < TYPICAL_FUNCTION


def test_the_tests_are_nearly_as_long_as_the_code() -> None:
    tests = (p.read_text(encoding="utf-8") for p in Path(__file__).parent.rglob("*.py"))
    code = sum(len(module.read_text(encoding="utf-8").splitlines()) for module in MODULES)
    assert sum(len(text.splitlines()) for text in tests) >= 0.9 * code
