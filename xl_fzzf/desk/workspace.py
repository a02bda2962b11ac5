"""The workspace: where masters, returns, submissions, summaries and the archive lie."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from xl_fzzf.archive.storage import make_folder
from xl_fzzf.desk.errors import JobError
from xl_fzzf.model.period import Period

_PREFIX = "台账-"
_JUNK_NAMES = frozenset({"thumbs.db", "desktop.ini", ".ds_store"})
_JUNK_STARTS = ("~$", ".~", "._", ".")


@dataclass(frozen=True, slots=True)
class Workspace:
    """The folders around one period's master."""

    master: Path
    period: Period

    @classmethod
    def at(cls, master: Path) -> Workspace:
        """The workspace of a master file; raises JobError where the name has no period."""
        period = _period_of(master)
        if period is None:
            raise JobError(f"“{master.name}”不是台账的文件名,应像 台账-2019Q3.xlsx,请不要改名")
        return cls(master, period)

    @property
    def folder(self) -> Path:
        """The workspace's own folder."""
        return self.master.parent

    @property
    def outgoing(self) -> Path:
        """分发: the period's returns as they go out."""
        return self.folder / "分发" / str(self.period)

    @property
    def incoming(self) -> Path:
        """报送: the period's returns as they came in."""
        return self.folder / "报送" / str(self.period)

    @property
    def upward(self) -> Path:
        """上报: the period's summary."""
        return self.folder / "上报" / str(self.period)

    @property
    def sent_back(self) -> Path:
        """退回: annotated copies for the units."""
        return self.folder / "退回" / str(self.period)

    @property
    def letters(self) -> Path:
        """发件: the period's letters as drafts, a folder for each kind."""
        return self.folder / "发件" / str(self.period)

    @property
    def outbox(self) -> Path:
        """The outbox, one for all periods."""
        return self.folder / "发件" / "发件箱.sqlite"

    @property
    def letter_templates(self) -> Path:
        """模板/邮件: the office's own templates."""
        return self.folder / "模板" / "邮件"

    @property
    def doubtful(self) -> Path:
        """待确认: mailed files that wait for the coordinator's word."""
        return self.folder / "待确认" / str(self.period)

    @property
    def evidence(self) -> Path:
        """附件: what came by mail with the returns."""
        return self.folder / "附件" / str(self.period)

    @property
    def archive(self) -> Path:
        """档案: originals and backups."""
        return self.folder / "档案"

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
    if given is not None:
        if given.is_dir():
            return find_master(None, given)
        if not given.is_file():
            raise JobError(f"找不到台账“{given}”,请核对文件名和所在文件夹")
        return given
    masters = find_masters(folder)
    if not masters:
        raise JobError(f"“{folder}”里没有台账(台账-2019Q3.xlsx)。请先运行 fzzf init,或指明台账文件")
    return masters[-1]


def received_files(folder: Path) -> Iterator[tuple[Path, str]]:
    """Every file below a folder by name, and why it is ignored if it is: junk, a link, a device.

    Links and devices are never opened, hidden folders not entered.
    """
    for path in sorted(folder.rglob("*")):
        if any(part.startswith(".") for part in path.relative_to(folder).parts[:-1]):
            continue
        name = path.name.lower()
        if path.is_symlink() or not (path.is_file() or path.is_dir()):
            yield path, "不是普通文件(链接或设备),没有打开"
        elif path.is_file():
            junk = name in _JUNK_NAMES or name.startswith(_JUNK_STARTS)
            yield path, "表格程序或系统留下的临时文件" if junk else ""


def _period_of(path: Path) -> Period | None:
    try:
        return (
            Period.parse(path.stem.removeprefix(_PREFIX)) if path.stem.startswith(_PREFIX) else None
        )
    except ValueError:
        return None
