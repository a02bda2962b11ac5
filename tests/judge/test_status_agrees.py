"""The spreadsheet engine as judge: LibreOffice's 状态 equals Python's for every target and edge."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.libreoffice import Office, Workbook
from xl_fzzf.jobs.check import CheckResult, check_files
from xl_fzzf.jobs.distribute import distribute
from xl_fzzf.jobs.init import init
from xl_fzzf.model.assessment import Assessment, assess
from xl_fzzf.model.building import build_plan
from xl_fzzf.model.period import Period
from xl_fzzf.model.plan import Plan

TODAY = date.today()
DUES = {
    "yesterday": TODAY - timedelta(days=1),
    "today": TODAY,
    "tomorrow": TODAY + timedelta(days=1),
}
BLANK: dict[str, Any] = {}

COUNTS = [
    BLANK,
    {"value": " "},
    *({"value": v} for v in (0, 1, 2, 3, 4, 5, 6, 2.5, -1, 39_999, 40_000)),
    *(
        {"value": v}
        for v in ("不适用", " 不适用 ", "约3次", "3", "=1/0", "=1+1", "", True, date(2019, 10, 1))
    ),
]
RATES = [
    BLANK,
    *(
        {"numerator": n, "denominator": d}
        for n, d in (
            (0, 0),
            (0, 5),
            (5, 5),
            (4, 5),
            (19, 20),
            (95, 100),
            (949, 1000),
            (951, 1000),
            (6, 5),
            (-1, 5),
            (1, None),
            (None, 4),
            ("不适用", None),
            ("不适用", "不适用"),
            ("多", 5),
            (1, "=1/0"),
            (0.5, 0.5),
            (1, 20),
            (2, 20),
            (True, 5),
        )
    ),
]
AGAINST_LAST_YEAR = [
    BLANK,
    *(
        {"denominator": d, "value": v}
        for d, v in (
            (81.5, 81.5),
            (81.5, 81.6),
            (81.5, 81.4),
            (0, 0),
            (None, 80),
            (80, None),
            (80, "八十"),
            (-1, 3),
            ("不适用", None),
            (1, "=NA()"),
            (0.3, "=0.1+0.2"),
        )
    ),
]
ANSWERS = [
    BLANK,
    *(
        {"value": v}
        for v in ("是", "否", "不适用", " 是 ", "基本完成", "是的", 1, True, "=1/0", "=")
    ),
]
TEXTS = [
    BLANK,
    *({"narrative": v} for v in ("已完成", "不适用", "不适用:没有", " ", 5, "=1/0")),
    *(
        {"narrative": v}
        for v in ("无", " 无。", "暂无", "没有", "n/a", "。", "无违法行为", "——", "无|略")
    ),
]

TARGETS: list[tuple[str, str, list[dict[str, Any]]]] = [
    *(("count", target, COUNTS) for target in ("≥ 2", "> 2", "≤ 3", "< 3", "= 2", "4 至 5", "")),
    *(("rate", target, RATES) for target in ("= 100%", "≥ 95%", "≤ 5%", "")),
    *(("score", target, AGAINST_LAST_YEAR) for target in ("高于上年", "≥ 81.5")),
    ("amount", "不低于上年", AGAINST_LAST_YEAR),
    ("yes_no", "", ANSWERS),
    ("text", "", TEXTS),
]


def _rows() -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """An indicator for every target, case and due date, with what is typed into its row."""
    rows: list[tuple[dict[str, Any], dict[str, Any]]] = []
    for kind, target, cases in TARGETS:
        for due in DUES.values():
            for case in cases:
                code = f"1.{len(rows) + 1}"
                measure = "%" if kind == "rate" else ""
                indicator = {
                    "code": code,
                    "text": f"{kind} {target}",
                    "kind": kind,
                    "measure": measure,
                    "due": due,
                }
                rows.append((indicator | ({"target": target} if target else {}), case))
    return rows


def _plan(indicators: list[dict[str, Any]]) -> Plan:
    task = {"number": 1, "text": "全部情形", "responsible": "甲局", "indicators": indicators}
    return build_plan(
        {
            "name": "裁判方案",
            "subject": "测试",
            "summary_title": "裁判汇总",
            "district": "甲区",
            "coordinator": "甲局",
            "year": TODAY.year,
            "period": str(TODAY.year),
            "kinds": {"部门": ["部门"]},
            "areas": [{"number": 1, "name": "全部", "tasks": [task]}],
            "roster": {"units": [{"code": "1", "name": "甲局", "kind": "部门"}]},
        },
        "judge",
    )


class Judged:
    """One return, filled in by LibreOffice as staff would, saved by it, and read back by us."""

    def __init__(self, folder: Path, office: Office) -> None:
        self.rows = _rows()
        plan = _plan([row for row, _ in self.rows])
        workspace = init(folder, plan, Period.parse(str(TODAY.year)), TODAY)
        (blank,) = distribute(workspace.master, TODAY, datetime.now()).files
        self.saved = workspace.incoming / "甲局.xlsx"
        with office.open(blank) as book:
            self.columns, first = _columns(book)
            cells = {}
            for offset, (_, case) in enumerate(self.rows):
                for field, value in case.items():
                    cells[f"{self.columns[field]}{first + offset}"] = value
            book.type("一、全部", cells)
            book.recalculate()
            status, hint, code = (self.columns[field] for field in ("status", "hint", "code"))
            last = first + len(self.rows) - 1
            self.status = [
                row[0] for row in book.values("一、全部", f"{status}{first}:{status}{last}")
            ]
            self.hint = [row[0] for row in book.values("一、全部", f"{hint}{first}:{hint}{last}")]
            self.codes = [row[0] for row in book.values("一、全部", f"{code}{first}:{code}{last}")]
            self.overview = book.values("总览")
            book.save_as(self.saved)
        (self.result,) = check_files([self.saved], workspace.master, folder, TODAY, False)
        self.assessments = _judge_as_typed(plan, self.result)


def _judge_as_typed(plan: Plan, result: CheckResult) -> list[Assessment]:
    """The unit's own sheet knows nothing of normalising (ADR 0006): text is no number there."""
    rows = (row for sheet in result.checked.submission.sheets.values() for row in sheet.rows)
    records = [replace(row.record, unit="1", indicator=row.code) for row in rows]
    return assess(plan, records, TODAY.year, TODAY)


def _columns(book: Workbook) -> tuple[dict[str, str], int]:
    from xl_fzzf.office.references import column_letter
    from xl_fzzf.sheets.spec import AREA_COLUMNS

    values = book.values("一、全部", "A1:O10")
    header = next(i for i, row in enumerate(values) if "指标编号" in row)
    fields = {column.header: column.field for column in AREA_COLUMNS}
    letters = {
        fields[word]: column_letter(i) for i, word in enumerate(values[header], 1) if word in fields
    }
    return letters, header + 2


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory, office: Office) -> Judged:
    return Judged(tmp_path_factory.mktemp("裁判") / "甲 区", office)


def test_every_target_kind_and_edge_has_a_row(judged: Judged) -> None:
    assert len(judged.rows) > 500
    assert judged.codes == [row["code"] for row, _ in judged.rows]


def test_the_status_that_libreoffice_computes_is_pythons(judged: Judged) -> None:
    ours = {a.indicator.code: a.status.value for a in judged.assessments}
    differing = [
        (row["kind"], row.get("target"), str(row["due"]), case, theirs, ours[row["code"]])
        for (row, case), theirs in zip(judged.rows, judged.status, strict=True)
        if theirs != ours[row["code"]]
    ]
    assert not differing


def test_all_six_statuses_occur(judged: Judged) -> None:
    assert set(judged.status) == {"达标", "推进中", "未达标", "待填", "有误", "不适用"}


def test_the_advice_beside_a_row_is_pythons(judged: Judged) -> None:
    from xl_fzzf.sheets.hints import hint

    ours = {a.indicator.code: hint(a.record, a.indicator, a.status) for a in judged.assessments}
    differing = [
        (row["kind"], case, theirs, ours[row["code"]])
        for (row, case), theirs, status in zip(judged.rows, judged.hint, judged.status, strict=True)
        if theirs != ours[row["code"]]
    ]
    assert not differing


def test_the_return_counts_its_own_progress(judged: Judged) -> None:
    area = next(row for row in judged.overview if row[0] == "一、全部")
    assert area[1] == len(judged.rows)
    assert area[3] == judged.status.count("待填")
    assert area[7] == judged.status.count("未达标")
    first_missing = judged.codes[judged.status.index("待填")]
    assert area[11] == first_missing
