"""Journals: one JSON file of every run, and of all that `collect` took in; whole, and never changed.

Each holds the hash of the one before (`chain.py`), a run's also the last of what was collected.

They are all that the archive knows of what happened. A run's is compressed; its form is fixed by
`write_run`: a head, then the lists, the longest last and one change a line. So each is read only
where it is asked for. A mail's is on disk before the mailbox is told that the mail is safe.
"""

from __future__ import annotations

import gzip
import json
import re
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from xl_fzzf.archive.chain import Head, Link
from xl_fzzf.archive.originals import fingerprint
from xl_fzzf.archive.storage import READ_ONLY, make_folder, write_whole
from xl_fzzf.model.cell_json import dump, load
from xl_fzzf.model.collected import Collected, Fate, Filed
from xl_fzzf.model.errors import UserError
from xl_fzzf.model.finding import Finding, Severity
from xl_fzzf.model.period import Period
from xl_fzzf.model.record import ENTRY_FIELDS, Key
from xl_fzzf.model.run import Contents, Job, Receipt, Run, Source, Version

FORMAT = 1
RUNS, COLLECTED = "运行", "收件"
BEGINNING, LAST = "开始.json", "末份.json"
"""What is noted of a run that is under way, and of a folder's last journal."""

_NAME = re.compile(r"(\d{6,})_.+\.json(?:\.gz)?")
_FORMAT = re.compile(r'\{"format":(\d+)')
_LISTS = re.compile(r',"(?:files|findings|changes)":\[')
"""Where a list begins; inside a text its quotation marks would be escaped."""

_STRING = r'("(?:[^"\\]|\\.)*")'
_CHANGE = re.compile(rf"\[(\d+),(\[{_STRING},{_STRING},.*\])\]")
"""The run that is replaced, the content, and in it the codes of the unit and the indicator."""


class JournalError(UserError):
    """A journal that can't be read; the message says, in Chinese, which and why."""


class LedgerError(UserError):
    """An archive that this program must not touch; the message says, in Chinese, what to do."""


@contextmanager
def naming(kind: str, path: Path) -> Iterator[None]:
    """Turn what goes wrong in reading a journal into a JournalError that names it."""
    try:
        yield
    except FileNotFoundError:
        raise JournalError(f"{kind}“{path.name}”不在了，请从备份拿回来") from None
    except OSError as error:
        raise JournalError(f"{kind}“{path.name}”读不出来（{error.strerror or error}）") from None
    except (EOFError, zlib.error, ValueError, KeyError, TypeError, AttributeError) as error:
        raise JournalError(f"{kind}“{path.name}”已损坏（{type(error).__name__}）") from error


def begin_run(archive: Path, number: int, before: str, after: str) -> str:
    """Note that a run is about to change a master from one hash to another; raises OSError.

    Returns the hash before, another than given where this run has begun already and broke off.
    """
    path = archive / RUNS / BEGINNING
    with suppress(OSError, ValueError, TypeError):
        last, original, reached = json.loads(path.read_bytes())
        if (last, reached) == (number, before):
            before = original
    make_folder(archive / RUNS)
    write_whole(path, dump((number, before, after)).encode())
    return before


def find_journals(archive: Path, folder: str = RUNS) -> Iterator[tuple[int, Path]]:
    """Every journal of a folder, those of runs by default, by its number; the first one first."""
    for path in sorted((archive / folder).iterdir() if (archive / folder).is_dir() else ()):
        match = _NAME.fullmatch(path.name)
        if match:
            yield int(match[1]), path


def next_number(archive: Path, folder: str) -> int:
    """The number of a folder's next journal."""
    return 1 + max((number for number, _ in find_journals(archive, folder)), default=0)


def find_head(archive: Path, folder: str) -> Head:
    """A folder's last journal, by its number."""
    number, path = max(find_journals(archive, folder), default=(0, archive))
    return Head(number, _hash_of(path)) if number else Head()


def _hash_of(path: Path) -> str:
    """The hash of a file's bytes, "" where they can't be read."""
    try:
        return fingerprint(path.read_bytes())
    except OSError:
        return ""


def write_run(archive: Path, run: Run, contents: Contents) -> Path:
    """Write a run's journal; raises OSError."""
    folder = archive / RUNS
    make_folder(folder)
    path = folder / f"{run.number:06d}_{run.period}_{run.at:%Y%m%d-%H%M%S}.json.gz"
    heads = {
        "previous": find_head(archive, RUNS).sha256,
        "collected": find_head(archive, COLLECTED),
    }
    head = {"format": FORMAT, **heads, **_fields(run)}
    head |= {"at": run.at.isoformat(), "as_of": run.as_of.isoformat()}
    head["files"] = [{**_fields(f), "received": f.received.isoformat()} for f in contents.files]
    head["findings"] = [_fields(finding) for finding in contents.findings]
    changes = ",\n".join(f"[{v.replaced},{encode_version(v)}]" for v in contents.changes)
    words = f'{dump(head)[:-1]},"changes":[{changes}]}}'
    _keep(path, run.number, gzip.compress(words.encode(), 1, mtime=0))
    with suppress(OSError):
        (folder / BEGINNING).unlink(missing_ok=True)
    return path


def _keep(path: Path, number: int, data: bytes) -> None:
    """Write a journal, and note that it is the last; where only that fails the next one notes it."""
    write_whole(path, data, READ_ONLY)
    with suppress(OSError):
        write_whole(path.with_name(LAST), _noted(Head(number, fingerprint(data))))


def _noted(head: Head) -> bytes:
    return f"{dump(head)}\n".encode()


def read_last(archive: Path, folder: str) -> Head:
    """Which journal is noted as a folder's last; raises JournalError."""
    path = archive / folder / LAST
    with naming("记录", path):
        data = path.read_bytes()
        head = Head(*load(data))
        if _noted(head) != data:
            raise ValueError(data)
    return head


def _fields(item: Run | Receipt | Finding) -> dict[str, Any]:
    """A dataclass's fields; `asdict` would copy each."""
    return {name: getattr(item, name) for name in item.__slots__}


class Journal:
    """A run as its journal tells it; it stays compressed, and its lists are read when asked for.

    `previous` is the hash of the run's journal before, `collected` the last of what had come in. What
    can't be read raises JournalError: of a damaged file at once, as the head stands under the same
    checksum. A newer program's raises LedgerError.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        with naming("运行记录", path):
            self._packed = path.read_bytes()
            self.sha256 = fingerprint(self._packed)
            plain = load(f"{self._parts()[0]}}}")
            del plain["format"]
            self.previous: str = plain.pop("previous")
            self.collected = Head(*plain.pop("collected"))
            Period.parse(plain["period"])
            at, as_of = datetime.fromisoformat(plain["at"]), date.fromisoformat(plain["as_of"])
            self.run = Run(**{**plain, "job": Job(plain["job"]), "at": at, "as_of": as_of})

    def receipts(self) -> list[Receipt]:
        """The files that the run received."""
        with naming("运行记录", self.path):
            return [
                Receipt(**{**plain, "received": datetime.fromisoformat(plain["received"])})
                for plain in load(f"[{self._parts()[1]}")
            ]

    def findings(self) -> list[Finding]:
        """What the run found."""
        with naming("运行记录", self.path):
            return [
                Finding(**{**plain, "severity": Severity(plain["severity"])})
                for plain in load(f"[{self._parts()[2]}")
            ]

    def changes(self) -> list[Change]:
        """The versions that the run made."""
        with naming("运行记录", self.path):
            changes = self._parts()[3].removesuffix("]}")
            return [self._change(line) for line in changes.split(",\n")] if changes else []

    def _change(self, line: str) -> Change:
        match = _CHANGE.fullmatch(line)
        if not match:
            raise ValueError(line)
        replaced, content, unit, code = match.groups()
        return Change((_text(unit), _text(code)), content, self.run.number, int(replaced))

    def _parts(self) -> list[str]:
        """The head, the files, the findings and the changes, as JSON without their beginnings."""
        words = gzip.decompress(self._packed).decode()
        format_ = _FORMAT.match(words)
        if format_ and int(format_[1]) > FORMAT:
            raise LedgerError("报送档案是更新版本的程序写的，请更新本程序后再运行（没有改动）")
        head, files, findings, changes = _LISTS.split(words, 3)
        return [head, files, findings, changes]


def link_of(number: int, path: Path, read: Journal | CollectedJournal | None) -> Link:
    """A journal as a link of the chain; None where it can't be read."""
    if read is None:
        return Link(number, path.name, _hash_of(path), None)
    return Link(number, path.name, read.sha256, read.previous)


class Change(NamedTuple):
    """A version as the archive keeps it: its content as JSON, by which versions compare."""

    key: Key
    content: str
    run: int
    replaced: int


@lru_cache(maxsize=20_000)
def _text(words: str) -> str:
    text: str = load(words)
    return text


def encode_version(version: Version) -> str:
    """A version's content as the archive keeps it."""
    unit, code, entries, source, sent, raw, older, *_ = version
    return dump((unit, code, entries, *source, sent, raw, older))


def decode_version(change: Change) -> Version:
    """The version that was encoded; raises LedgerError where records had other entries."""
    unit, code, entries, file, sha256, sheet, row, sent, raw, kept = load(change.content)
    if len(entries) != len(ENTRY_FIELDS):
        raise LedgerError(
            f"报送档案里的记录各有 {len(entries)} 个填报项，本程序是 {len(ENTRY_FIELDS)} 个："
            "请用写这个档案的那一版程序，或者另建工作文件夹（没有改动）"
        )
    source = Source(file, sha256, sheet, row)
    older = {name: Source(*each) for name, each in kept.items()}
    return Version(
        unit, code, tuple(entries), source, sent, raw, older, change.run, change.replaced
    )


def write_collected(archive: Path, number: int, item: Collected) -> Path:
    """Write the journal of what was collected; on disk when this returns; raises OSError."""
    folder = archive / COLLECTED
    make_folder(folder)
    path = folder / f"{number:06d}_{item.collected:%Y%m%d-%H%M%S}.json"
    moments = {"arrived": item.arrived.isoformat(), "collected": item.collected.isoformat()}
    head = {"format": FORMAT, "previous": find_head(archive, COLLECTED).sha256}
    _keep(path, number, f"{dump({**head, **asdict(item), **moments})}\n".encode())
    return path


class CollectedJournal:
    """What the journal of something that was collected tells; raises JournalError."""

    def __init__(self, path: Path) -> None:
        with naming("收件记录", path):
            data = path.read_bytes()
            self.sha256, plain = fingerprint(data), load(data)
            if plain.pop("format") > FORMAT:
                raise JournalError(f"收件记录“{path.name}”是更新版本的程序写的，请更新本程序")
            self.previous: str = plain.pop("previous")
            files = tuple(Filed(**{**f, "fate": Fate(f["fate"])}) for f in plain.pop("files"))
            for name in ("arrived", "collected"):
                plain[name] = datetime.fromisoformat(plain[name])
            self.item = Collected(**plain, files=files)
