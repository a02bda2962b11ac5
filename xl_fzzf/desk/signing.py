"""What is signed holds: an approved round is not changed until it is opened again, and what came since waits."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from itertools import zip_longest
from math import isclose
from pathlib import Path

from xl_fzzf.archive.ledger import Ledger
from xl_fzzf.archive.originals import find_state, fingerprint
from xl_fzzf.desk.errors import JobError
from xl_fzzf.desk.intake import NotReceivedError, take_up
from xl_fzzf.desk.lock import only_run
from xl_fzzf.desk.master import Master
from xl_fzzf.desk.upward import put
from xl_fzzf.desk.workspace import Workspace, received_files
from xl_fzzf.model.course import Stage
from xl_fzzf.model.record import Cell, same
from xl_fzzf.model.run import Contents, Job, Run
from xl_fzzf.office.book_file import FileBook
from xl_fzzf.office.references import column_letter
from xl_fzzf.sheets.stamp import SIGNED_CELLS

_SHOWN = 5
_ANEW = "要改动，先重新打开：fzzf reopen --reason 原因（Excel 里点“重新打开”）；改完再汇总、定稿，就是下一版"


@contextmanager
def changing(workspace: Workspace) -> Iterator[Ledger]:
    """Hold a workspace for a job that changes its master or summary, with what the archive tells.

    Raises JobError while another job holds it, or where the round is approved.
    """
    with only_run(workspace):
        ledger = Ledger(workspace.archive)
        refuse_signed(workspace, ledger)
        yield ledger


def refuse_signed(workspace: Workspace, ledger: Ledger) -> None:
    """Raise JobError where the round is approved: by whom, when, what waits, and what to do."""
    course = ledger.course(str(workspace.period))
    if course.stage is not Stage.OPEN:
        waiting = "".join(f"{words}。" for words in say_waiting(workspace, ledger))
        raise JobError(
            f"{workspace.period.label}{course.words}，没有改动任何文件。{waiting}{_ANEW}"
        )


def find_waiting(workspace: Workspace, ledger: Ledger) -> list[str]:
    """The files in 报送 that the last consolidation has not seen, by their names there."""
    receipts = ledger.consolidated(str(workspace.period))
    known, unread = {r.sha256 for r in receipts}, {r.file for r in receipts if not r.sha256}
    waiting = []
    for path, ignored in received_files(workspace.incoming):
        name = str(path.relative_to(workspace.incoming))
        if not ignored and _hash(path) not in known and name not in unread:
            waiting.append(name)
    return waiting


def _hash(path: Path) -> str | None:
    try:
        return fingerprint(take_up(path)[0])
    except NotReceivedError:
        return None


def say_waiting(workspace: Workspace, ledger: Ledger) -> list[str]:
    """What came and is not in the figures, in Chinese; nothing before the first consolidation."""
    course = ledger.course(str(workspace.period))
    said, files = [], find_waiting(workspace, ledger) if course.day else []
    if files:
        when = "汇总" if course.stage is Stage.OPEN else "定稿"
        said.append(
            f"“报送”里有 {len(files)} 个文件是{when}以后才到的（{say_some(files)}），没有计入"
        )
    doubtful = [path.name for path, ignored in received_files(workspace.doubtful) if not ignored]
    if doubtful:
        said.append(f"“待确认”里有 {len(doubtful)} 个文件（{say_some(doubtful)}），没有计入")
    return said


def find_edits(workspace: Workspace, run: Run) -> list[str]:
    """The cells of a master that hold something else than after a run; the mark of 定稿 is none.

    How a cell looks, and what a program writes anew when it saves, is no difference. What formulas
    made of other edits is left out.
    """
    path = workspace.master
    data = path.read_bytes()
    if fingerprint(data) == run.after:
        return []
    kept = find_state(workspace.archive, path, run.after)
    if kept is None:  # which they are can't be said
        return [path.name]
    edits = list(_edits(FileBook(path, kept.read_bytes()), FileBook(path, data)))
    typed = [place for place, computed in edits if not computed]
    return typed or [place for place, _ in edits]


def _edits(before: FileBook, after: FileBook) -> Iterator[tuple[str, bool]]:
    """The sheets and cells that differ, and whether a formula gives the value: it follows from others."""
    for sheet in dict.fromkeys([*before.sheet_names, *after.sheet_names]):
        if sheet not in after.sheet_names or sheet not in before.sheet_names:
            yield f"工作表“{sheet}”", False
            continue
        formulas = after.part(sheet).formulas()
        rows = zip_longest(before.read(sheet), after.read(sheet), fillvalue=())
        for row, cells in enumerate(rows, 1):
            for column, (was, now) in enumerate(zip_longest(*cells), 1):
                cell = f"{column_letter(column)}{row}"
                if not _alike(was, now) and (sheet, cell) not in SIGNED_CELLS:
                    yield f"{sheet}!{cell}", column in formulas.get(row, ())


def _alike(was: Cell, now: Cell) -> bool:
    """Whether two cells say the same; programs keep different digits of what they calculated."""
    if isinstance(was, float) and isinstance(now, float):
        return isclose(was, now, rel_tol=1e-12)
    return same(was, now)


def find_changed(workspace: Workspace, approval: Run) -> list[str]:
    """What an approval fixed and is no longer as it was, by its path in the workspace; not the master."""
    return [
        name
        for name, sha256 in approval.outputs.items()
        if name != workspace.master.name and _sha256(workspace.folder / name) != sha256
    ]


def _sha256(path: Path) -> str:
    try:
        return fingerprint(path.read_bytes())
    except OSError:
        return ""


def find_kept(workspace: Workspace, approval: Run) -> dict[str, Path]:
    """The archive's copies of what an approval fixed, by its path in the workspace."""
    paths = ((name, workspace.folder / name, sha256) for name, sha256 in approval.outputs.items())
    found = ((name, find_state(workspace.archive, path, sha)) for name, path, sha in paths)
    return {name: kept for name, kept in found if kept}


def bring_outputs_back(workspace: Workspace, approval: Run) -> list[str]:
    """Put the files that an approval fixed where they were, what stands there is kept; says so.

    Raises JobError where the archive lacks one.
    """
    said, kept = [], find_kept(workspace, approval)
    for name in find_changed(workspace, approval):
        if name not in kept:
            raise JobError(f"“档案/备份”里没有定稿时的“{name}”，或者那份备份已被改动，不能取回")
        gone = put(workspace.archive, workspace.folder / name, kept[name].read_bytes())
        said.append(f"“{name}”已取回定稿时的")
        said += (f"原来的“{file.path.name}”存在 {file.kept}" for file in gone)
    return said


def record_sent(workspace: Workspace, how: str, now: datetime) -> None:
    """Record that what is approved was handed up; the workspace is held."""
    ledger = Ledger(workspace.archive)
    approval = ledger.course(str(workspace.period)).approval
    assert approval
    number = ledger.next_number
    run = replace(approval, number=number, job=Job.SEND, at=now, note=how, before=approval.after)
    ledger.write_run(replace(run, outputs={}, by="", reviewed_by=""), Contents())


def say_unknown_mark(master: Master, ledger: Ledger) -> list[str]:
    """That a master says it is signed, of which the archive knows nothing, in Chinese."""
    if not master.stamp.get("signed") or ledger.course(str(master.workspace.period)).approval:
        return []
    return [
        f"台账上写着“{master.stamp['signed']}”，档案里却没有这次定稿的记录："
        "定稿没有做完，或者记录被删、没有带过来。请运行 fzzf verify 核对，必要时重新定稿"
    ]


def say_since(workspace: Workspace, ledger: Ledger) -> list[str]:
    """What came or was changed since a round was consolidated or approved, in Chinese."""
    course = ledger.course(str(workspace.period))
    said = say_waiting(workspace, ledger)
    if approval := course.approval:
        if edits := find_edits(workspace, approval):
            said.append(f"台账在定稿以后改过（{say_some(edits)}），定稿的数字里没有")
        if changed := find_changed(workspace, approval):
            said.append(
                f"定稿的文件被改过或不在了：{'、'.join(changed)}。"
                f"取回定稿时的：fzzf restore --run {approval.number}"
            )
    return said


def say_some(names: Sequence[str]) -> str:
    """The first of some names, and how many there are if that is more."""
    more = f" 等 {len(names)} 处" if len(names) > _SHOWN else ""
    return f"{'、'.join(names[:_SHOWN])}{more}"
