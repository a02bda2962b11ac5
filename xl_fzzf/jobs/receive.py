"""Receive a folder of returns: read each file, give it one verdict, keep its bytes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from xl_fzzf.jobs.checking import CheckedFile, check_submission
from xl_fzzf.jobs.progress import Progress, silent, watched
from xl_fzzf.jobs.workspace import received_files
from xl_fzzf.ledger.archive import fingerprint, keep_original
from xl_fzzf.model.round import Round
from xl_fzzf.model.submission import Submission, Verdict
from xl_fzzf.sheets.reading import read_submission

Keep = Callable[[str, str, bytes], None]

_WRITERS = 4
LARGEST = 50 << 20
"""No return is near this size; a larger file is not even read."""


def receive(
    folder: Path, round_: Round, archive: Path, progress: Progress = silent
) -> list[CheckedFile]:
    """Every file in the folder with its verdict, in the order of names.

    Of equal files the first received counts; of a unit's different files the latest valid one does.
    The outcome does not depend on the order in which the files lie in the folder.
    """
    checked = []
    kept: list[Future[Path]] = []
    with ThreadPoolExecutor(_WRITERS) as pool:  # the disk flushes while the next file is read

        def keep(sha256: str, suffix: str, data: bytes) -> None:
            kept.append(pool.submit(keep_original, archive, sha256, suffix, data))

        received = list(received_files(folder))
        for path, junk in watched(received, progress, lambda item: item[0].name):
            name = str(path.relative_to(folder))
            if junk:
                reason = "表格程序或系统留下的临时文件"
                checked.append(CheckedFile(_unread(path, name), Verdict.IGNORED, reason))
            else:
                checked.append(check_file(path, name, round_, keep))
    for written in kept:
        written.result()
    return _settle(checked)


def check_file(path: Path, name: str, round_: Round, keep: Keep | None = None) -> CheckedFile:
    """Read and check one file; `keep` is given its fingerprint, suffix and bytes."""
    try:
        size = path.stat().st_size
        data = path.read_bytes() if size <= LARGEST else b""
    except OSError as error:
        reason = f"文件读不出来({error.strerror or error}),可能正被占用,请关闭后再试"
        return check_submission(_unread(path, name, reason), round_)
    if size > LARGEST:
        reason = (
            f"文件有 {size >> 20} MB,超过 {LARGEST >> 20} MB,不像填报表。请去掉图片等附件后重新报送"
        )
        return check_submission(_unread(path, name, reason), round_)
    sha256 = fingerprint(data)
    if keep is not None:
        keep(sha256, path.suffix, data)
    return check_submission(read_submission(name, data, sha256, _received(path)), round_)


def _received(path: Path) -> datetime:
    return datetime.fromtimestamp(path.stat().st_mtime).replace(microsecond=0)


def _unread(path: Path, name: str, reason: str = "") -> Submission:
    try:
        received = _received(path)
    except OSError:
        received = datetime.min
    return Submission(name, "", received, reason)


def _settle(files: Sequence[CheckedFile]) -> list[CheckedFile]:
    """Duplicates and superseded files found; all others as they were."""
    settled = {file.submission.file: file for file in files}
    first: dict[str, CheckedFile] = {}
    for file in sorted(files, key=_order):
        sha256 = file.submission.sha256
        if sha256 and sha256 in first and file.verdict is not Verdict.IGNORED:
            reason = f"与“{first[sha256].submission.file}”内容完全相同"
            settled[file.submission.file] = file.judged(Verdict.DUPLICATE, reason)
        elif sha256:
            first[sha256] = file
    for file in superseded(settled.values()):
        settled[file.submission.file] = file
    return [settled[file.submission.file] for file in files]


def superseded(files: Iterable[CheckedFile]) -> list[CheckedFile]:
    """The accepted files of a unit that a later accepted one replaces."""
    latest: dict[str, CheckedFile] = {}
    accepted = [f for f in files if f.verdict is Verdict.ACCEPTED and f.unit]
    for file in sorted(accepted, key=_order):
        assert file.unit is not None
        latest[file.unit.code] = file
    replaced = []
    for file in accepted:
        assert file.unit is not None
        winner = latest[file.unit.code]
        if winner is not file:
            reason = f"同一单位后来又报了“{winner.submission.file}”,以后报的为准"
            replaced.append(replace(file.judged(Verdict.SUPERSEDED, reason)))
    return replaced


def _order(file: CheckedFile) -> tuple[datetime, str, str]:
    return file.submission.received, file.submission.sha256, file.submission.file
