"""The JSON shapes of `--json`, documented in docs/json.md; other programs depend on them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from xl_fzzf.model.alert import Alert
from xl_fzzf.model.finding import Finding
from xl_fzzf.model.plan import SAFEGUARDS, Indicator, Task, Unit
from xl_fzzf.model.rollup import completeness, met_share
from xl_fzzf.model.status import Status
from xl_fzzf.model.submission import Verdict

if TYPE_CHECKING:
    from xl_fzzf.jobs.check import CheckResult
    from xl_fzzf.jobs.consolidate import Consolidation
    from xl_fzzf.jobs.report import Report
    from xl_fzzf.model.judged import Judged
    from xl_fzzf.model.round import Round, Standing

Json = dict[str, Any]


def check_json(results: Iterable[CheckResult]) -> Json:
    """`check --json`."""
    return {"files": [_file(r.checked, r.findings) for r in results]}


def consolidation_json(result: Consolidation) -> Json:
    """`consolidate --json`; the five verdict counts add up to `received`."""
    own: dict[str, list[Finding]] = defaultdict(list)
    for finding in result.findings:
        own[finding.file].append(finding)
    return {
        "received": len(result.files),
        **{verdict.value: result.verdicts[verdict] for verdict in Verdict},
        "files": [_file(file, own[file.submission.file]) for file in result.files],
        "units": {
            "expected": len(result.expected),
            "reported": len(result.reported),
            "missing": [unit.name for unit in result.missing],
            "late": [unit.name for unit in result.late],
        },
        "entries": asdict(result.account),
        "accepted_warnings": result.accepted,
        "records": len(result.assessments),
        "status": statuses_json(result.statuses),
        "master": str(result.master),
        "output": str(result.saved.output),
        "returns": str(result.returns),
        "notices": list(result.notices),
    }


def report_json(result: Report) -> Json:
    """`report --json`."""
    from xl_fzzf.sheets.summary.prose import say_standing

    standing = result.standing
    return {
        "summary": str(result.summary),
        "pdf": str(result.printed.pdf) if result.printed.pdf else None,
        "period": str(standing.period),
        "as_of": standing.as_of.isoformat(),
        "words": say_standing(standing),
        "reporting": {
            "expected": len(standing.units),
            "reported": len(standing.reported),
            "late": len(standing.late),
            "missing": [unit.name for unit in standing.missing],
        },
        "timeliness": standing.timeliness,
        **_progress(standing.statuses),
        "alerts": {colour.value: standing.alerts[colour] for colour in Alert},
        "before": _before(standing),
        "areas": [
            {"number": area.number, "name": area.name, **_progress(counts)}
            for area, counts in standing.areas
        ],
        "indicators": [
            {
                "code": total.indicator.code,
                "value": total.value,
                "numerator": total.numerator,
                "denominator": total.denominator,
                "target": total.indicator.target.text(total.indicator.measure),
                "status": total.status.value,
                "met": total.counts[Status.MET],
                "unmet": total.counts[Status.UNMET] + total.counts[Status.UNDER_WAY],
                "missing": total.counts[Status.MISSING],
            }
            for total in standing.indicators
        ],
        "units": [
            {"code": total.unit.code, "score": total.score, "rank": total.rank}
            for total in standing.unit_totals
        ],
    }


def _progress(counts: Counter[Status]) -> Json:
    return {
        "completeness": completeness(counts),
        "met_share": met_share(counts),
        "status": statuses_json(counts),
    }


def _before(standing: Standing) -> Json | None:
    before = standing.before
    return {"period": str(before.period), **_progress(before.statuses)} if before else None


def standing_json(master: Path, standing: Standing) -> Json:
    """`status --json`."""
    return {
        "master": str(master),
        "period": str(standing.round.settings.period),
        "as_of": standing.as_of.isoformat(),
        "completeness": standing.completeness,
        "timeliness": standing.timeliness,
        "units": {
            "expected": len(standing.units),
            "reported": len(standing.units) - len(standing.missing),
            "missing": [unit.name for unit in standing.missing],
        },
        "status": statuses_json(standing.statuses),
        "unmet": [
            {
                "unit": a.unit.name,
                "indicator": a.indicator.code,
                "target": a.target.text(a.indicator.measure),
                "value": a.shown_value,
                "gap": a.gap,
            }
            for a in standing.assessments
            if a.status is Status.UNMET
        ],
    }


def plan_json(round_: Round) -> Json:
    """`plan --json`."""
    plan = round_.plan
    year = round_.settings.period.year
    areas = [area for area in plan.areas if area.number != SAFEGUARDS]
    safeguards = [task for area in plan.areas if area.number == SAFEGUARDS for task in area.tasks]
    return {
        "plan": plan.name,
        "areas": [
            {
                "number": area.number,
                "name": area.name,
                "tasks": [_task(task, year) for task in area.tasks],
            }
            for area in areas
        ],
        "safeguards": [{**_task(task, year), "name": task.name} for task in safeguards],
        "units": [_unit(unit) for unit in plan.units],
        "assignments": [
            {"unit": unit.code, "task": _number(task), "role": role.value}
            for task in plan.tasks
            for unit in plan.units
            if (role := round_.assignments.get((unit.code, task)))
        ],
    }


def _file(file: Judged, findings: Sequence[Finding]) -> Json:
    submission = file.submission
    return {
        "file": submission.file,
        "sha256": submission.sha256,
        "unit": file.unit.name if file.unit else None,
        "period": submission.stamp.get("period"),
        "verdict": file.verdict.value,
        "reason": file.reason,
        "records": sum(bool(record.sheet) for record in file.records.values()),
        "findings": [asdict(finding) for finding in findings],
    }


def statuses_json(counts: Mapping[Status, int]) -> Json:
    """How many records, or units, have which status."""
    return {status.value: counts.get(status, 0) for status in Status}


def _task(task: Task, year: int) -> Json:
    return {
        "number": _number(task.number),
        "text": task.text,
        "responsible": task.responsible,
        "indicators": [_indicator(indicator, year) for indicator in task.indicators],
    }


def _number(task: str) -> int | str:
    """A task's number; a safeguard's as it is written (保1) among the assignments."""
    return int(task) if task.isdigit() else task


def _indicator(indicator: Indicator, year: int) -> Json:
    target = indicator.target
    return {
        "code": indicator.code,
        "text": indicator.text,
        "kind": indicator.kind.value,
        "measure": indicator.measure,
        "weight": indicator.weight,
        "target": {
            "op": target.op.value,
            "value": target.value,
            "value2": target.value2,
            "text": target.text(indicator.measure),
            "due": indicator.due_in(year).isoformat(),
        },
    }


def _unit(unit: Unit) -> Json:
    return {
        "code": unit.code,
        "name": unit.name,
        "kind": unit.kind,
        "enforcement": unit.enforcement,
        "aliases": list(unit.aliases),
    }
