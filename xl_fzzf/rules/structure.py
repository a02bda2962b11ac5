"""Rules on a return's sheets and headers, and the account of what was read."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from xl_fzzf.model.finding import Severity
from xl_fzzf.model.plan import Area, Plan, Unit
from xl_fzzf.model.resolution import Resolution, resolve
from xl_fzzf.model.round import Round
from xl_fzzf.model.submission import Row, Submission
from xl_fzzf.rules.rule import Fault, Rule

RESTORE = "请用下发的填报表重新填报,或从中复制回来"
MOST_SHOWN = 8
"""So many cells or codes are named in one finding."""


@dataclass(frozen=True, slots=True)
class Structure:
    """A submission with its resolution; `sheets` maps the indicators wanted to their sheet names."""

    plan: Plan
    submission: Submission
    resolution: Resolution
    sheets: Mapping[str, str]

    @property
    def absent(self) -> dict[str, None]:
        """Sheets that should hold records of the unit and are not there, or can't be read."""
        read = self.submission.sheets
        return dict.fromkeys(
            self.sheets[item.code]
            for item in self.resolution.missing
            if self.sheets[item.code] not in read or read[self.sheets[item.code]].transposed
        )

    @property
    def homes(self) -> dict[str, str]:
        """Sheets whose name is none of the unit's, and the sheet whose records most of their rows are."""
        homes = {}
        for name, sheet in self.submission.sheets.items():
            if name not in self.sheets.values():
                rows = Counter(self.sheets[r.code] for r in sheet.rows if r.code in self.sheets)
                if rows:
                    homes[name] = max(rows, key=lambda home: rows[home])
        return homes

    @property
    def twice(self) -> dict[tuple[str, ...], list[str]]:
        """Sheets that hold the same indicators with different entries, and these indicators."""
        twice: dict[tuple[str, ...], list[str]] = defaultdict(list)
        for code, rows in self.resolution.duplicated.items():
            if len(names := sheets_of(rows)) > 1:
                twice[names].append(code)
        return twice


def build_structure(
    submission: Submission, round_: Round, unit: Unit, area_sheet: Callable[[Area], str]
) -> Structure:
    """A unit's return held against what it must report."""
    plan, expected = round_.plan, list(round_.indicators_of(unit))
    resolution = resolve(plan, unit, expected, submission)
    names = {item.code: area_sheet(plan.area_of[item.code]) for item in expected}
    return Structure(plan, submission, resolution, names)


def accounting(case: Structure) -> Iterator[Fault]:
    """对账: the entries read are not those recorded, named by a finding, or ignored; the program's fault."""
    account = case.resolution.account
    if not account.balanced:
        found = f"采用 {account.recorded}、有问题 {account.found}、不计 {account.ignored}"
        yield Fault(
            f"对账不平:读到 {account.read} 项填报内容,去向却是{found};为免漏项,整份文件没有采用",
            value=f"{account.read} ≠ {account.recorded + account.found + account.ignored}",
            expected="读到的每一项都有去向",
            remedy="这是程序的问题,请把这份文件交给技术人员;急用时请重新下载填报表填写",
        )


def sheets(case: Structure) -> Iterator[Fault]:
    """工作表: a sheet with records is missing, unreadable, or lies on its side."""
    for name in case.absent:
        turned = name in case.submission.sheets
        yield Fault(
            f"工作表“{name}”行列颠倒了,没有读" if turned else f"缺少工作表“{name}”",
            value="转置的表" if turned else "、".join(case.submission.sheets) or "没有领域表",
            expected=name,
            remedy=f"{'请把表转回来' if turned else '工作表不能删除'}。{RESTORE}",
            sheet=name,
        )


def renamed_sheets(case: Structure) -> Iterator[Fault]:
    """改名的工作表: a sheet's records stand under another name; they are taken."""
    taken = {name for names in case.twice for name in names}
    for name, home in case.homes.items():
        if home not in case.submission.sheets and name not in taken:
            yield Fault(
                f"工作表“{home}”改名成了“{name}”,按指标编号照常读取",
                value=name,
                expected=home,
                remedy="请把工作表名改回来",
                sheet=name,
            )


def two_sheets(case: Structure) -> Iterator[Fault]:
    """两张工作表: two sheets hold the same indicators with different entries; neither is taken."""
    for names, codes in case.twice.items():
        listed = "、".join(codes[:MOST_SHOWN]) + ("等" if len(codes) > MOST_SHOWN else "")
        yield Fault(
            f"工作表“{'”和“'.join(names)}”都有指标 {listed} 的内容,而且不同,无法判断用哪一张",
            value="、".join(names),
            expected="每个领域一张工作表",
            remedy="请只保留正确的一张",
            sheet=names[-1],
        )


def headers(case: Structure) -> Iterator[Fault]:
    """表头: a column's header is missing or stands twice."""
    for sheet in case.submission.sheets.values():
        for what, headers in (("缺少", sheet.missing), ("重复出现", sheet.duplicated)):
            if headers:
                names = "、".join(headers)
                yield Fault(
                    f"{what}列“{names}”",
                    value=what,
                    expected=f"表头“{names}”出现一次",
                    remedy="请恢复表头文字;多余的列请删除或改名",
                    sheet=sheet.name,
                )


def sheets_of(rows: Iterable[Row]) -> tuple[str, ...]:
    """The sheets on which rows stand, each once."""
    return tuple(dict.fromkeys(row.record.sheet for row in rows))


SHEET_RULES: dict[str, Rule[Structure]] = {
    "accounting": Rule(Severity.ERROR, "读到的每一项填报内容都有去向", accounting, fixed=True),
    "sheets": Rule(Severity.ERROR, "应有的工作表都在", sheets),
    "two-sheets": Rule(Severity.ERROR, "没有两张内容不同的同一领域表", two_sheets),
    "renamed-sheet": Rule(Severity.WARNING, "工作表没有改名", renamed_sheets),
    "headers": Rule(Severity.ERROR, "应有的列都在,没有重复", headers),
}
