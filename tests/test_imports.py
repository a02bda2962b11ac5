"""Imports run one way, and what is slow to load is loaded only where it is used."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "xl_fzzf"
MODULES = sorted(PACKAGE.rglob("*.py"))

LEAVES = frozenset({"model"})
MIDDLE = frozenset({"archive", "mail", "office", "plans", "rules", "sheets"})
BELOW_JOBS = LEAVES | MIDDLE | {"desk"}
MAY_IMPORT: dict[str, frozenset[str]] = {
    # part: the other parts that it may import
    "model": frozenset(),
    "archive": LEAVES,
    "plans": LEAVES,
    "rules": LEAVES,
    "mail": LEAVES | {"archive"},
    "office": LEAVES | {"archive"},
    "sheets": LEAVES | {"office"},
    "desk": LEAVES | MIDDLE,
    "jobs": BELOW_JOBS,
    "faces": BELOW_JOBS | {"jobs"},
    "__main__": frozenset({"faces"}),
    "__init__": frozenset({"faces"}),
}
SPREADSHEETS = {"python_calamine", "xlsxwriter", "openpyxl", "msoffcrypto", "olefile"}
SLOW = {"pandas", "numpy", "xlwings", *SPREADSHEETS}
IMPURE = {
    *("pathlib", "os", "io", "time", "random", "locale", "sqlite3", "tempfile", "shutil", "glob"),
    *("sys", "subprocess", "socket", "secrets", "uuid", "logging", "threading", "urllib"),
}
XLWINGS = {"faces/excel/functions.py", "faces/excel/ribbon.py", "office/book_live.py"}
CLOCKS = {"today", "now", "utcnow"}


def part(module: Path) -> str:
    """The part of the package that a module belongs to: model, rules … or its own name."""
    return module.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imports(module: Path) -> Iterator[str]:
    """The dotted names of all that a module imports, wherever the import stands."""
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module}: imports are absolute"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def parts_imported(module: Path) -> set[str]:
    names = (name.split(".") for name in imports(module))
    return {name[1] for name in names if name[0] == "xl_fzzf" and len(name) > 1}


def roots_imported(module: Path) -> set[str]:
    return {name.split(".")[0] for name in imports(module)}


def name_of(module: Path) -> str:
    return str(module.relative_to(PACKAGE))


@pytest.mark.parametrize("module", MODULES, ids=name_of)
def test_a_module_imports_only_its_own_part_and_those_below(module: Path) -> None:
    own = part(module)
    assert own in MAY_IMPORT, f"say in MAY_IMPORT what {own} may import"
    assert parts_imported(module) - {own} <= MAY_IMPORT[own]


@pytest.mark.parametrize(
    "module", [m for m in MODULES if part(m) in ("model", "rules")], ids=name_of
)
def test_model_and_rules_touch_no_file_clock_chance_or_library(module: Path) -> None:
    roots = roots_imported(module)
    assert not roots & IMPURE
    assert roots <= {"xl_fzzf", *sys.stdlib_module_names}
    tree = ast.parse(module.read_text(encoding="utf-8"))
    called = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    assert not called & CLOCKS
    assert not names & {"open", "print", "input", "__import__", "exec", "eval"}


@pytest.mark.parametrize("module", MODULES, ids=name_of)
def test_only_office_and_sheets_know_spreadsheet_libraries(module: Path) -> None:
    writes_the_addin = name_of(module) == "faces/excel/addin/build.py"
    if part(module) not in ("office", "sheets") and not writes_the_addin:
        assert not roots_imported(module) & SPREADSHEETS


@pytest.mark.parametrize("module", MODULES, ids=name_of)
def test_only_the_ribbon_and_the_live_book_know_xlwings(module: Path) -> None:
    if name_of(module) not in XLWINGS:
        assert "xlwings" not in roots_imported(module)


@pytest.mark.parametrize(
    "module", ["xl_fzzf", "xl_fzzf.faces.cli.main", "xl_fzzf.rules", "xl_fzzf.plans"]
)
def test_importing_the_command_loads_nothing_slow(module: str) -> None:
    code = f"import sys, {module}; print(*sorted({{m.split('.')[0] for m in sys.modules}}))"
    run = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    loaded = set(run.stdout.split())
    assert "xl_fzzf" in loaded
    assert not loaded & SLOW


def test_these_tests_see_imports_inside_functions(tmp_path: Path) -> None:
    module = tmp_path / "sample.py"
    module.write_text("def run():\n    import pandas\n    from xl_fzzf.jobs import check\n")
    assert set(imports(module)) == {"pandas", "xl_fzzf.jobs.check"}
    assert parts_imported(module) == {"jobs"}
