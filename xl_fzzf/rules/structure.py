"""Rules on a return's sheets, headers and rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from xl_fzzf.model.finding import Severity
from xl_fzzf.model.plan import Indicator, Plan
from xl_fzzf.model.resolution import Resolution
from xl_fzzf.model.submission import Submission
from xl_fzzf.rules.fault import Fault, Rule

_RESTORE = "请用下发的填报表重新填报,或从中复制回来"


@dataclass(frozen=True, slots=True)
class Structure:
    """A submission with its resolution; `sheets` maps the indicators wanted to their sheet names."""

    plan: Plan
    submission: Submission
    resolution: Resolution
    sheets: Mapping[str, str]

    @property
    def absent(self) -> dict[str, None]:
        """Sheets that should hold records of the unit and are not there."""
        read = self.submission.sheets
        return dict.fromkeys(
            self.sheets[item.code]
            for item in self.resolution.missing
            if self.sheets[item.code] not in read
        )


def sheets(case: Structure) -> Iterator[Fault]:
    """工作表: a sheet with records is missing or renamed beyond reading."""
    for name in case.absent:
        found = "、".join(case.submission.sheets) or "没有领域表"
        yield Fault(
            f"缺少工作表“{name}”",
            value=found,
            expected=name,
            remedy=f"工作表不能删除。{_RESTORE}",
            sheet=name,
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


def missing_rows(case: Structure) -> Iterator[Fault]:
    """缺行: a record's row was deleted (sheets that are missing altogether are one fault, not many)."""
    for indicator in case.resolution.missing:
        sheet = case.sheets[indicator.code]
        if sheet not in case.absent:
            yield Fault(
                f"缺少指标 {indicator.code} 这一行",
                expected=_short(indicator),
                remedy=f"行不能删除。{_RESTORE}",
                sheet=sheet,
                indicator=indicator.code,
            )


def duplicated_rows(case: Structure) -> Iterator[Fault]:
    """重复行: one indicator stands in several rows that differ; none of them is taken."""
    for code, rows in case.resolution.duplicated.items():
        numbers = "、".join(str(row.record.row) for row in rows)
        yield Fault(
            f"指标 {code} 有 {len(rows)} 行(第 {numbers} 行),内容不同,无法判断用哪一行",
            value=f"第 {numbers} 行",
            expected="每个指标一行",
            remedy="请只保留正确的一行",
            indicator=code,
            sheet=rows[1].record.sheet,
            row=rows[1].record.row,
        )


def repeated_rows(case: Structure) -> Iterator[Fault]:
    """重复行: one indicator stands in several equal rows; it counts once."""
    for code, rows in case.resolution.repeated.items():
        yield Fault(
            f"指标 {code} 重复出现 {len(rows)} 行,内容相同,只算一次",
            expected="每个指标一行",
            remedy="请删除重复的行",
            indicator=code,
            sheet=rows[1].record.sheet,
            row=rows[1].record.row,
        )


def unknown_rows(case: Structure) -> Iterator[Fault]:
    """多余行: a row's indicator is none that the unit reports on."""
    for row in case.resolution.unknown:
        if not row.code:
            continue
        known = row.code in case.plan.indicators
        yield Fault(
            f"指标编号“{row.code}”{'不由本单位填报' if known else '不在方案里'},这一行没有采用",
            value=row.code,
            expected="填报表下发时的指标编号",
            remedy="请核对指标编号;自己加的说明行请写在表的下方,不要填指标编号",
            sheet=row.record.sheet,
            row=row.record.row,
        )


def foreign_rows(case: Structure) -> Iterator[Fault]:
    """别的单位: a row names another unit."""
    for row in case.resolution.foreign:
        yield Fault(
            f"这一行的单位“{row.unit}”不是“{case.resolution.unit.name}”,没有采用",
            value=row.unit,
            expected=case.resolution.unit.name,
            remedy="每份填报表只填本单位;单位改名的,请汇总单位在单位名录里加别名",
            indicator=row.code,
            field="unit",
            sheet=row.record.sheet,
            row=row.record.row,
        )


def _short(indicator: Indicator) -> str:
    return f"{indicator.code} {indicator.text}"[:40]


STRUCTURE_RULES: dict[str, Rule[Structure]] = {
    "sheets": Rule(Severity.ERROR, "应有的工作表都在", sheets),
    "headers": Rule(Severity.ERROR, "应有的列都在,没有重复", headers),
    "missing-row": Rule(Severity.ERROR, "应填的指标都有一行", missing_rows),
    "duplicated-row": Rule(Severity.ERROR, "每个指标只有一行", duplicated_rows),
    "repeated-row": Rule(Severity.WARNING, "没有内容相同的重复行", repeated_rows),
    "unknown-row": Rule(Severity.ERROR, "没有方案以外的指标编号", unknown_rows),
    "foreign-row": Rule(Severity.ERROR, "没有别的单位的行", foreign_rows),
}
