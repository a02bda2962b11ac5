"""The workspace: where masters, returns, submissions, summaries and the archive lie."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from xl_fzzf.archive.storage import make_folder
from xl_fzzf.desk.errors import JobError
from xl_fzzf.model.period import Period

ARCHIVE, UPWARD = "档案", "上报"
"""The folders of a workspace: of originals, backups and journals, and of summaries."""

_PREFIX = "台账-"
_JUNK_NAMES = frozenset({"thumbs.db", "desktop.ini", ".ds_store"})
_DEEPEST = 20
"""Folders within folders; nobody looks for a return below."""

_JUNK_STARTS = ("~$", ".~", "._", ".")


class _Folder:
    """A folder of a workspace; within it, unless it is one for all periods, the period's own."""

    def __init__(self, *names: str, of_period: bool = True) -> None:
        self._names, self._of_period = names, of_period

    def __get__(self, workspace: Workspace, owner: type[Workspace]) -> Path:
        own = (str(workspace.period),) if self._of_period else ()
        return workspace.folder.joinpath(*self._names, *own)


@dataclass(frozen=True, slots=True)
class Workspace:
    """The folders around one period's master."""

    master: Path
    period: Period

    outgoing = _Folder("分发")
    """The period's returns as they go out."""
    incoming = _Folder("报送")
    """The period's returns as they came in."""
    sent_back = _Folder("退回")
    """Annotated copies for the units."""
    upward = _Folder(UPWARD)
    """The period's summary."""
    letters = _Folder("发件")
    """The period's letters as drafts, a folder for each kind."""
    doubtful = _Folder("待确认")
    """Mailed files that wait for the coordinator's word."""
    evidence = _Folder("附件")
    """What came by mail with the returns."""
    archive = _Folder(ARCHIVE, of_period=False)
    """Originals and backups."""
    outbox = _Folder("发件", "发件箱.sqlite", of_period=False)
    """The outbox, a file."""
    letter_templates = _Folder("模板", "邮件", of_period=False)
    """The office's own templates."""

    @classmethod
    def at(cls, master: Path) -> Workspace:
        """The workspace of a master file; raises JobError where the name has no period."""
        period = _period_of(master)
        if period is None:
            raise JobError(f"“{master.name}”不是台账的文件名，应是 台账-报告期.xlsx，请不要改名")
        return cls(master, period)

    @property
    def folder(self) -> Path:
        """The workspace's own folder."""
        return self.master.parent

    def create(self, distributing: bool = True) -> None:
        """Make the folders that are not there yet; what does not distribute needs none for it."""
        folders = (self.incoming, self.upward, self.archive)
        for folder in (self.outgoing, *folders) if distributing else folders:
            make_folder(folder)


def master_path(folder: Path, period: Period) -> Path:
    """Where a period's master lies."""
    return folder / f"{_PREFIX}{period}.xlsx"


def find_masters(folder: Path) -> list[Path]:
    """The masters in a folder, the latest period last."""
    found = [
        (period, path) for path in folder.glob(f"{_PREFIX}*.xlsx") if (period := _period_of(path))
    ]
    return [path for _, path in sorted(found, key=lambda item: (item[0].end, item[0].kind != ""))]


def find_master(given: Path | None, folder: Path) -> Path:
    """The master to work on: the one given, or the latest in the folder; raises JobError."""
    if given is not None and given.is_file():
        return given
    if given is not None and not given.is_dir():
        raise JobError(f"找不到台账“{given}”，请核对文件名和所在文件夹")
    folder = given or folder
    masters = find_masters(folder)
    if not masters:
        raise JobError(
            f"“{folder}”里没有台账（台账-报告期.xlsx）。请先运行 fzzf init，或指明台账文件"
        )
    return masters[-1]


def received_files(folder: Path) -> Iterator[tuple[Path, str]]:
    """Every file below a folder by name, and why it is ignored if it is: junk, a link, a device.

    Links and devices are never opened. A folder that is not entered, being hidden, too deep or not to
    be read, is named like a file that is ignored.
    """
    yield from sorted(_below(folder, _DEEPEST))


def _below(folder: Path, depth: int) -> Iterator[tuple[Path, str]]:
    try:
        with os.scandir(folder) as entries:
            found = list(entries)
    except FileNotFoundError:
        return
    except OSError as error:
        yield folder, f"文件夹打不开（{error.strerror or error}），里面的文件没有读，请核对权限"
        return
    for entry in found:
        path, name = Path(entry), entry.name.lower()
        if entry.is_file(follow_symlinks=False):
            junk = name in _JUNK_NAMES or name.startswith(_JUNK_STARTS)
            yield path, "表格程序或系统留下的临时文件" if junk else ""
        elif not entry.is_dir(follow_symlinks=False):
            yield path, "不是普通文件（链接或设备），没有打开"
        elif name.startswith("."):
            yield path, "隐藏的文件夹，里面的文件没有读"
        elif not depth:
            yield path, f"文件夹套了 {_DEEPEST} 层以上，里面的文件没有读，请把填报表移到外面"
        else:
            yield from _below(path, depth - 1)


def _period_of(path: Path) -> Period | None:
    if not path.stem.startswith(_PREFIX):
        return None
    try:
        return Period.parse(path.stem.removeprefix(_PREFIX))
    except ValueError:
        return None
