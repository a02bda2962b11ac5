"""编制说明 of a summary: where every figure that was received went, and which warnings were accepted."""

from __future__ import annotations

from xl_fzzf.model.round import Standing
from xl_fzzf.sheets import layout
from xl_fzzf.sheets.layout import ACCEPTED_COLUMNS
from xl_fzzf.sheets.lists import Line
from xl_fzzf.sheets.shell import Shell
from xl_fzzf.sheets.summary.cells import add_table, put_note, write_lines


def add_notes(shell: Shell, standing: Standing) -> None:
    """Add 编制说明: the account in a sentence, and the accepted warnings one by one."""
    columns, accepted = ACCEPTED_COLUMNS, standing.accepted
    sheet = add_table(shell, layout.NOTES, columns, len(accepted))
    put_note(shell, sheet, columns, f"{say_account(standing)}{_say_accepted(len(accepted))}")
    lines: list[Line] = [
        {
            "number": number,
            "unit": warning.unit,
            "indicator": warning.indicator,
            "message": warning.message,
            "value": warning.value,
            "waiver": warning.reason,
        }
        for number, warning in enumerate(accepted, 1)
    ]
    write_lines(shell, sheet, columns, lines)


def say_account(standing: Standing) -> str:
    """Where the entries of the files that count went."""
    account = standing.account
    return (
        f"采用的填报表共读到填报内容 {account.read} 项,其中采用 {account.recorded} 项,"
        f"有问题没有采用 {account.found} 项,说明等不计入的 {account.ignored} 项。"
    )


def _say_accepted(count: int) -> str:
    return f"经核实接受的提醒 {count} 条:" if count else "没有接受的提醒。"
