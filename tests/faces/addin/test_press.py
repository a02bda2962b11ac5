"""The buttons, pressed in LibreOffice: what Python is told to do, and when it is not started."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faces.addin.pressing import call_macros, callbacks, write_book
from xl_fzzf.faces.excel.addin.build import SOURCES, read_settings

TEXTS = read_settings(SOURCES)
PREPARED = "import sys; sys.path[:] = [p for p in sys.path if p]; "
JOBS = {
    "fzzf_distribute": "distribute",
    "fzzf_open_incoming": "open_incoming",
    "fzzf_check": "check",
    "fzzf_consolidate": "consolidate",
    "fzzf_mark_unmet": "mark_unmet",
    "fzzf_undo": "undo",
    "fzzf_report": "report",
    "fzzf_approve": "approve",
    "fzzf_reopen": "reopen",
    "fzzf_mail": "mail",
    "fzzf_help": "help_",
}
HELP = f"[{PREPARED}import xl_fzzf.faces.excel.ribbon; xl_fzzf.faces.excel.ribbon.help_()]"
REFUSED = {
    "a^b.xlsx": "MESSAGE_UNSAFE_NAME",
    "a;b.xlsx": "MESSAGE_UNSAFE_NAME",
    "%TEMP%.xlsx": "MESSAGE_UNSAFE_NAME",
    "settings.xlsx": "MESSAGE_OWN_SETTINGS",
    "code.xlsx": "MESSAGE_OWN_SETTINGS",
}
FOREIGN_SHEETS = {"settings.xlsx": "FZZF.conf", "code.xlsx": "evil.PY"}


def test_every_button_runs_its_python_function_and_says_nothing(recorded: dict[str, str]) -> None:
    assert recorded == {
        callback: f"ran:[{PREPARED}import xl_fzzf.faces.excel.ribbon; xl_fzzf.faces.excel.ribbon.{job}()]told:"
        for callback, job in JOBS.items()
    }


def test_the_commands_are_whole_inside_a_command_line(recorded: dict[str, str]) -> None:
    """xlwings pastes them between double quotes into a line for cmd.exe."""
    for done in recorded.values():
        assert not set(done) & set('"%^&|<>!\n')


@pytest.fixture(scope="module")
def refusals(macro_book: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What the help button does with workbooks that could steer it."""
    folder = tmp_path_factory.mktemp("refused")
    plan = [
        (write_book(folder / name, "总览", FOREIGN_SHEETS.get(name, "指标")), "press_fzzf_help")
        for name in (*REFUSED, "完成率100%&(终).xlsx")
    ]
    (folder / "received").mkdir()
    (folder / "received" / "fzzf.conf").write_text('"INTERPRETER_WIN","evil.exe"')
    plan += [
        (write_book(folder / "received" / "beside.xlsx", "总览"), "press_fzzf_help"),
        (write_book(folder / "plain.xlsx", "总览"), "press_without_python"),
    ]
    done = call_macros(
        folder / "profile", macro_book, [(book, [f"stubs.{name}"]) for book, name in plan]
    )
    return {book.name: result for (book, _), (result,) in zip(plan, done, strict=True)}


@pytest.mark.parametrize(("name", "message"), REFUSED.items())
def test_a_workbook_that_could_steer_xlwings_is_refused(
    refusals: dict[str, str], name: str, message: str
) -> None:
    assert refusals[name] == f"ran:told:[{TEXTS[message]}]"


def test_settings_beside_the_workbook_are_refused(refusals: dict[str, str]) -> None:
    assert refusals["beside.xlsx"] == f"ran:told:[{TEXTS['MESSAGE_OWN_SETTINGS']}]"


def test_an_ordinary_odd_name_is_no_matter(refusals: dict[str, str]) -> None:
    assert refusals["完成率100%&(终).xlsx"] == f"ran:{HELP}told:"


def test_a_fault_in_starting_python_is_told_in_chinese(refusals: dict[str, str]) -> None:
    told = refusals["plain.xlsx"]
    assert told.startswith(f"ran:told:[{TEXTS['MESSAGE_FAILED']}\n")
    assert "no Python here" in told


def test_the_ribbon_has_no_other_buttons() -> None:
    assert callbacks() == list(JOBS)
