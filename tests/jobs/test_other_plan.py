"""A quite different plan goes through every job with no change of code."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

from python_calamine import CalamineWorkbook

from tests.jobs.filling import fill
from xl_fzzf.jobs.consolidate import consolidate
from xl_fzzf.jobs.distribute import distribute
from xl_fzzf.jobs.init import init
from xl_fzzf.jobs.report import report
from xl_fzzf.model.kinds import Kind
from xl_fzzf.model.period import Period
from xl_fzzf.model.plan import Indicator
from xl_fzzf.model.status import Status
from xl_fzzf.office.book import Value
from xl_fzzf.plans import read_plan

PLAN = Path(__file__).parent.parent / "data/plans/xinhe-2024.toml"
NOW = datetime(2024, 7, 1, 9)


def answers(indicator: Indicator) -> dict[str, Value]:
    bound = indicator.target.value or 0.0
    by_kind: dict[Kind, dict[str, Value]] = {
        Kind.YES_NO: {"value": "是", "evidence": "新府发〔2024〕1号"},
        Kind.COUNT: {"value": int(bound)},
        Kind.RATE: {"numerator": int(bound * 100), "denominator": 100},
        Kind.SCORE: {"denominator": 80, "value": 81},
        Kind.AMOUNT: {"denominator": 10, "value": 11},
        Kind.TEXT: {"narrative": "已完成全部检查"},
    }
    return by_kind[indicator.kind]


def test_from_init_to_the_summary(tmp_path: Path) -> None:
    plan = read_plan(PLAN)
    period = Period.parse(plan.period)
    workspace = init(tmp_path / "新河", plan, period, period.end)
    returns = distribute(workspace.master, period.end, NOW).files
    assert len(returns) == len(plan.units)
    entries = {code: answers(indicator) for code, indicator in plan.indicators.items()}
    for file in returns:
        fill(file, workspace.incoming / file.name, entries)
    result = consolidate(workspace.master, None, date(2025, 1, 1), NOW)
    assert len(result.reported) == len(plan.units) and not result.missing
    assert {finding.rule for finding in result.findings} <= {"unmet-plan"}
    assert (
        result.statuses[Status.INVALID]
        == result.statuses[Status.MISSING]
        == 0
        < result.statuses[Status.MET]
    )

    summary = report(workspace.master, date(2025, 1, 1), date(2025, 1, 2)).summary
    book = CalamineWorkbook.from_path(str(summary))
    words = [cell for row in book.get_sheet_by_name("封面").to_python() for cell in row]
    assert plan.summary_title in words
    data = book.get_sheet_by_name("数据").to_python(skip_empty_area=False)
    assert sum(bool(row[2]) for row in data[3:]) == len(result.assessments)
