"""The master (台账) as jobs see it: opened, and read into records."""

from __future__ import annotations

from collections.abc import Collection, Container, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from xl_fzzf.archive.driving import Stood, find_last
from xl_fzzf.desk.earlier import entries_before, find_finals
from xl_fzzf.desk.errors import JobError
from xl_fzzf.desk.holding import refuse_if_open
from xl_fzzf.desk.workspace import Workspace
from xl_fzzf.model.assessment import Assessment, assess
from xl_fzzf.model.driving import Driven, Edit
from xl_fzzf.model.plan import Plan, Unit
from xl_fzzf.model.problems import PlanError, Problems
from xl_fzzf.model.record import Cell, Key, Record
from xl_fzzf.model.round import Round
from xl_fzzf.model.submission import SheetContent
from xl_fzzf.office.book_file import FileBook
from xl_fzzf.rules import setting_rows
from xl_fzzf.sheets import spec as layout
from xl_fzzf.sheets.area import read_areas
from xl_fzzf.sheets.driven import drive, find_edited
from xl_fzzf.sheets.master_sheets import find_lost
from xl_fzzf.sheets.origins import Origins, read_origins
from xl_fzzf.sheets.round_reader import MISTAKEN, find_round
from xl_fzzf.sheets.spec import area_sheet
from xl_fzzf.sheets.stamp import stamp_of


class Reporting(NamedTuple):
    """The units that have to report, those that did, and those for which only staff typed something.

    Each list is in the roster's order; a unit that is not on it any more stands in none.
    """

    expected: list[Unit]
    reported: list[Unit]
    typed: list[Unit]


@dataclass
class Master:
    """An open master: what drives its round, and its records as they stand in the area sheets.

    `records` holds each expected record, blank where its row is missing; `rows` says where the
    records stand by sheet, those of units or indicators that have gone included. `last` is what drove
    the last run of its period, or began it. `withdrawn` are records of which the file that brought them
    is left out since.
    """

    workspace: Workspace
    book: FileBook
    round: Round
    stamp: Mapping[str, str]
    contents: dict[str, SheetContent] = field(default_factory=dict)
    records: dict[Key, Record] = field(default_factory=dict)
    rows: dict[str, dict[Key, int]] = field(default_factory=dict)
    repeated: list[Record] = field(default_factory=list)
    last: Stood | None = None
    withdrawn: set[Key] = field(default_factory=set)

    @property
    def kind(self) -> str:
        """The kind of workbook that it is stamped as."""
        return self.stamp["kind"]

    @property
    def driven(self) -> Driven:
        """Its driving sheets in words."""
        return drive(self.round, city=self.kind == layout.CITY)

    def edits(self, before: Driven) -> list[Edit]:
        """What was edited in the driving sheets since they were as given."""
        return find_edited(before, self.driven)

    @cached_property
    def origins(self) -> Origins:
        """Where the values that the tool wrote came from."""
        return read_origins(self.book)

    @cached_property
    def finals(self) -> Mapping[Key, float]:
        """What last year's records came to at its end, by the archive."""
        return find_finals(self.workspace.archive, self.round)

    @cached_property
    def entries_before(self) -> Mapping[Key, tuple[Cell, ...]]:
        """What records said at the end of the year's period before, by the archive."""
        return entries_before(self.workspace.archive, self.workspace.period)

    @cached_property
    def expected(self) -> list[Key]:
        """Every record of the round: by area and indicator, then by unit in the roster's order."""
        plan = self.round.plan
        units = ((unit.code, self.round.indicators_of(unit)) for unit in plan.units)
        keys = [(code, indicator.code) for code, indicators in units for indicator in indicators]
        places = {code: place for place, code in enumerate(plan.indicators)}
        return sorted(keys, key=lambda key: places[key[1]])

    @property
    def expected_units(self) -> list[Unit]:
        """The units that have something to report."""
        codes = {unit for unit, _ in self.expected}
        return [unit for unit in self.round.plan.units if unit.code in codes]

    def assess(self, as_of: date) -> list[Assessment]:
        """Judge all expected records."""
        records = (self.records[key] for key in self.expected)
        return assess(self.round.plan, records, self.round.settings.period.year, as_of)

    def reporting(self, sent: Collection[str]) -> Reporting:
        """Which units reported; `sent` are those, by code, of which a file counts now.

        What a file brought that counted once and is gone stands there still: that unit did report.
        """
        filled = filled_units(self.round.plan, self.records.values())
        origins = self.origins.items()
        brought = {k[0] for k, each in origins if not each.carried and k not in self.withdrawn}
        reported = (filled & brought).union(sent)
        units = self.expected_units
        return Reporting(
            units,
            [unit for unit in units if unit.code in reported],
            [unit for unit in units if unit.code in filled - reported],
        )

    def cell(self, key: Key, name: str) -> tuple[str, str]:
        """Sheet and address of a record's cell; empty where it does not stand yet."""
        sheet = area_sheet(self.round.plan.area_of[key[1]])
        row = self.rows.get(sheet, {}).get(key)
        return (sheet, self.contents[sheet].cell(name, row)) if row else (sheet, "")


def open_master(
    path: Path,
    writing: bool = True,
    book: FileBook | None = None,
    kinds: Container[str] = (layout.MASTER,),
) -> Master:
    """Open a master and read its records; raises JobError, PlanError, BookError or LayoutError.

    A `book` is one that is open already, in a running Excel; `kinds` are the masters that will do.
    """
    workspace = Workspace.at(path)
    if writing and book is None:
        refuse_if_open(path)
    last = find_last(workspace.archive, str(workspace.period))
    return read_master(workspace, book or FileBook.open(path), kinds, last)


def read_master(
    workspace: Workspace,
    book: FileBook,
    kinds: Container[str] = (layout.MASTER,),
    last: Stood | None = None,
) -> Master:
    """Read an open workbook as a workspace's master; raises as `open_master` does.

    Nothing that drove the `last` run may have been emptied; a state of long ago is not held against it.
    """
    name = workspace.master.name
    stamp = stamp_of(book)
    if stamp is None:
        raise JobError(
            f"“{name}”没有隐藏的工作表“{layout.STAMP}”，不是本系统的台账，或者这张表被删掉了。是台账的，"
            "请运行 fzzf restore 看以前各次运行，加 --run 恢复；还没有台账的，用 fzzf init 生成"
        )
    kind = stamp.get("kind")
    if kind == layout.CITY and kind not in kinds:
        raise JobError(
            f"“{name}”是市级台账，这个命令只用于区县台账。市里汇总用 fzzf consolidate"
            "（同时生成市级汇总表，加 --pdf 另出 PDF），下一期用 fzzf next，退回以前用 fzzf restore；"
            "各区县的进度看台账“总览”，一个数的来历看市级汇总表的“数据”"
        )
    if kind not in (layout.MASTER, layout.CITY):
        raise JobError(f"“{name}”不是台账。请用 fzzf init 生成的台账")
    if stamp.get("version") != layout.VERSION:
        raise JobError(
            f"“{name}”的版本是 {stamp.get('version')}，本程序只认版本 {layout.VERSION}。"
            "请用生成它的那一版程序打开，或用 fzzf init 在新的文件夹里重新生成"
        )
    round_ = _read_round(book, name, kind == layout.MASTER, last.driven if last else {})
    if round_.settings.period != workspace.period:
        raise JobError(
            f"“{name}”里的报告期是 {round_.settings.period}，与文件名不一致。"
            "新一期请用 fzzf next 生成"
        )
    return _read_records(Master(workspace, book, round_, stamp, last=last))


def _read_round(book: FileBook, name: str, records: bool, before: Driven) -> Round:
    """The round of a master whose sheets are all there; raises PlanError with all that is wrong."""
    problems = Problems()
    rules = [code for code, *_ in setting_rows()]
    round_ = find_round(book, problems, records, rules, before)
    find_lost(book, round_.plan if round_ else None, records, problems)
    if round_ is None or problems:
        raise PlanError(name, problems.lines(), MISTAKEN)
    return round_


def _read_records(master: Master) -> Master:
    plan = master.round.plan
    for content in read_areas(master.book, plan):
        master.contents[content.name] = content
        rows = master.rows.setdefault(content.name, {})
        for row in content.rows:
            if not (row.code and row.unit):
                continue
            unit = plan.find_unit(row.unit)
            key = (unit.code if unit else row.unit, row.code)
            if key in rows:
                master.repeated.append(row.record)
                continue
            rows[key] = row.record.row
            row.record.unit, row.record.indicator = key
            master.records[key] = row.record
    for key in master.expected:
        master.records.setdefault(key, Record(*key))
    return master


def filled_units(plan: Plan, records: Iterable[Record]) -> set[str]:
    """The units of which at least one record tells something."""
    return {record.unit for record in records if not plan.silent(record.indicator, record)}
