"""What the add-in's tests share: the macro workbook for LibreOffice, and the commands it records."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faces.addin.pressing import build_test_workbook, call_macros, callbacks, write_book


@pytest.fixture(scope="session")
def macro_book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An .xlsm with the add-in's own modules and stubs."""
    path = tmp_path_factory.mktemp("macros") / "macros.xlsm"
    path.write_bytes(build_test_workbook(callbacks()))
    return path


@pytest.fixture(scope="session")
def recorded(macro_book: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What every button of the ribbon did in LibreOffice with a master open, by callback name."""
    folder = tmp_path_factory.mktemp("pressed")
    names = callbacks()
    master = write_book(folder / "台账-2019Q3.xlsx", "总览")
    functions = [f"stubs.press_{name}" for name in names]
    (results,) = call_macros(folder / "profile", macro_book, [(master, functions)])
    return dict(zip(names, results, strict=True))
