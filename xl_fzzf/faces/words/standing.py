"""What `report`, `status` and `plan` tell: how a round stands, and what it asks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from xl_fzzf.faces.words import say
from xl_fzzf.faces.words.telling import Json, Line, Table, Told, count_json, pick
from xl_fzzf.model.assessment import Alert
from xl_fzzf.model.plan import SAFEGUARDS, Indicator, Role, Task, Unit
from xl_fzzf.model.rollup import IndicatorTotal, completeness, met_share
from xl_fzzf.model.status import Status
from xl_fzzf.sheets.spec import area_sheet

if TYPE_CHECKING:
    from xl_fzzf.jobs.report import Report
    from xl_fzzf.model.assessment import Assessment
    from xl_fzzf.model.round import Round, Standing

_ROWS_SHOWN = 40


def report_lines(result: Report) -> Told:
    """`report`."""
    standing = result.standing
    yield (
        f"填报率 {standing.completeness:.1%}，及时率 {say.share(standing.timeliness)}；"
        f"{say.statuses(standing.statuses)}"
    )
    yield Line(f"汇总表：{result.summary}", "bold")
    yield from say.printed(result.printed)
    yield f"汇总表指纹：{result.imprint}（封面上也有；市里收到以后可以对）"


def report_json(result: Report) -> Json:
    """`report --json`."""
    from xl_fzzf.sheets.summary.prose import say_standing

    standing, before = result.standing, result.standing.before
    return {
        **pick(result, "summary", "printed.pdf", "imprint", "printed.gone"),
        **pick(standing, "period", "as_of"),
        "words": say_standing(standing),
        "reporting": {
            "expected": len(standing.units),
            "reported": len(standing.reported),
            "late": len(standing.late),
            "missing": say.names(standing.missing),
            "typed_in_master": say.names(_typed(standing)),
        },
        "timeliness": standing.timeliness,
        **_progress(standing.statuses),
        "alerts": count_json(Alert, standing.alerts),
        "before": {"period": before.period, **_progress(before.statuses)} if before else None,
        "areas": [
            {**pick(area, "number", "name"), **_progress(counts)} for area, counts in standing.areas
        ],
        "indicators": [_total_json(total) for total in standing.indicators],
        "units": [pick(total, "unit.code", "score", "rank") for total in standing.unit_totals],
    }


def _progress(counts: Counter[Status]) -> Json:
    return {
        "completeness": completeness(counts),
        "met_share": met_share(counts),
        "status": count_json(Status, counts),
    }


def _total_json(total: IndicatorTotal) -> Json:
    indicator, counts = total.indicator, total.counts
    return {
        **pick(total, "indicator.code", "value", "numerator", "denominator"),
        "target": indicator.target.text(indicator.measure),
        "status": total.shown_status,
        "met": counts[Status.MET],
        "unmet": counts[Status.UNMET] + counts[Status.UNDER_WAY],
        "missing": counts[Status.MISSING],
    }


def status_lines(standing: Standing) -> Told:
    """`status`."""
    settings, reported = standing.round.settings, len(standing.units) - len(standing.missing)
    title = f"{settings.period.label}（统计日期 {standing.as_of}，报送截止 {settings.deadline}）"
    yield Line(title, "bold")
    yield f"进度：{standing.course.words}"
    yield from say.notices(standing.notices)
    yield f"{say.reported(len(standing.units), reported)}；填报率 {standing.completeness:.1%}"
    yield from say.units("未报", standing.missing)
    yield from say.units("其中台账代填（没有采用的填报表，不算已报）", _typed(standing))
    yield say.statuses(standing.statuses)
    unmet = _unmet(standing)
    if unmet:
        headers = ("单位", "指标", "目标", "完成值", "差距")
        rows = [_unmet_row(assessment) for assessment in unmet[:_ROWS_SHOWN]]
        yield Table(f"未达标 {len(unmet)} 项", headers, rows)
    if len(unmet) > _ROWS_SHOWN:
        yield f"……另有 {len(unmet) - _ROWS_SHOWN} 项，见台账的“未达标清单”"


def status_json(master: Path, standing: Standing) -> Json:
    """`status --json`."""
    return {
        "master": master,
        **pick(standing, "round.settings.period", "as_of", "completeness", "timeliness"),
        **pick(standing.course, "stage", "edition.number", "edition.by", "edition.reviewed_by"),
        "units": {
            "expected": len(standing.units),
            "reported": len(standing.units) - len(standing.missing),
            "missing": say.names(standing.missing),
            "typed_in_master": say.names(_typed(standing)),
        },
        "status": count_json(Status, standing.statuses),
        "unmet": [_unmet_json(assessment) for assessment in _unmet(standing)],
        "notices": standing.notices,
    }


def _typed(standing: Standing) -> list[Unit]:
    return [unit for unit in standing.units if unit.code in standing.typed]


def _unmet(standing: Standing) -> list[Assessment]:
    return [a for a in standing.assessments if a.status is Status.UNMET]


def _unmet_row(a: Assessment) -> Sequence[str]:
    target = a.target.text(a.indicator.measure)
    return (a.unit.name, f"{a.indicator.code} {a.indicator.text}", target, a.shown_value, a.gap)


def _unmet_json(a: Assessment) -> Json:
    unit, _, target, value, gap = _unmet_row(a)
    own = {"target": target, "value": value, "gap": gap}
    return {"unit": unit, "indicator": a.indicator.code, **own}


def plan_lines(round_: Round) -> Told:
    """`plan`."""
    plan = round_.plan
    yield Line(plan.name, "bold")
    yield f"{plan.district}，工作名称“{plan.subject}”，{plan.year} 年，首个报告期 {plan.period}"
    addressee = f"，主送 {plan.addressee}" if plan.addressee else ""
    yield f"汇总单位 {plan.coordinator}，落款 {plan.signature}{addressee}"
    for area in plan.areas:
        rows = [row for task in area.tasks for row in _task_rows(task, round_)]
        headers = ("任务", "指标", "类型", "目标", "牵头", "责任", "可选")
        yield Table(area_sheet(area), headers, rows, wide=True)
    kinds = Counter(unit.kind for unit in plan.units)
    words = "、".join(f"{kind} {count}" for kind, count in kinds.items())
    yield f"单位 {len(plan.units)} 个（{words}），指标 {len(plan.indicators)} 个"


def _task_rows(task: Task, round_: Round) -> Iterable[Sequence[object]]:
    roles = {
        unit: role for (unit, number), role in round_.assignments.items() if number == task.number
    }
    counts = Counter(roles.values())
    leads = (u.name for u in round_.plan.units if roles.get(u.code) is Role.LEAD)
    assigned = "、".join(leads), counts[Role.REQUIRED], counts[Role.OPTIONAL]
    for place, indicator in enumerate(task.indicators):
        yield (
            task.number if place == 0 else "",
            f"{indicator.code} {indicator.text}",
            indicator.kind.label,
            indicator.target.text(indicator.measure),
            *(assigned if place == 0 else ("", "", "")),
        )


def plan_json(round_: Round) -> Json:
    """`plan --json`."""
    plan, year = round_.plan, round_.settings.period.year
    return {
        "plan": plan.name,
        **pick(plan, "subject", "district", "coordinator", "signature", "addressee"),
        "areas": [
            {**pick(area, "number", "name"), "tasks": [_task_json(t, year) for t in area.tasks]}
            for area in plan.areas
            if area.number != SAFEGUARDS
        ],
        "safeguards": [
            {**_task_json(task, year), "name": task.name}
            for area in plan.areas
            if area.number == SAFEGUARDS
            for task in area.tasks
        ],
        "units": [
            pick(unit, "code", "name", "kind", "enforcement", "aliases") for unit in plan.units
        ],
        "assignments": [
            {"unit": unit.code, "task": _number(task), "role": role}
            for task in plan.tasks
            for unit in plan.units
            if (role := round_.assignments.get((unit.code, task)))
        ],
    }


def _task_json(task: Task, year: int) -> Json:
    return {
        "number": _number(task.number),
        **pick(task, "text", "responsible"),
        "indicators": [_indicator_json(indicator, year) for indicator in task.indicators],
    }


def _number(task: str) -> int | str:
    """A task's number; a safeguard's as it is written (保1) among the assignments."""
    return int(task) if task.isdigit() else task


def _indicator_json(indicator: Indicator, year: int) -> Json:
    target = indicator.target
    return {
        **pick(indicator, "code", "text", "kind", "measure", "weight"),
        "target": {
            **pick(target, "op", "value", "value2"),
            "text": target.text(indicator.measure),
            "due": indicator.due_in(year),
        },
    }
