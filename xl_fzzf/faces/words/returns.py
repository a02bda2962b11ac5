"""What `check` and `consolidate` tell, of a district and of a city: files, findings, records."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from itertools import groupby

from xl_fzzf.faces.words import say
from xl_fzzf.faces.words.telling import Json, Line, Table, Told, count_json, pick
from xl_fzzf.jobs.check import CheckResult
from xl_fzzf.jobs.consolidate import Consolidation
from xl_fzzf.model.city import City
from xl_fzzf.model.finding import Finding, Severity
from xl_fzzf.model.imprint import short_imprint
from xl_fzzf.model.judged import Judged
from xl_fzzf.model.rollup import IndicatorTotal, met_share
from xl_fzzf.model.status import Status
from xl_fzzf.model.submission import Verdict

_COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.INFO: "cyan"}
_STYLES = {Verdict.QUARANTINED: "red", Verdict.ACCEPTED: "yellow"}
_FILES_SHOWN, _CELLS_SHOWN, _GROUPS_SHOWN = 100, 8, 40


def check_lines(results: Sequence[CheckResult]) -> Told:
    """`check`."""
    for result in results:
        file = result.checked
        unit = file.unit.name if file.unit else "单位不明"
        yield Line(f"{result.path.name}（{unit}）：{file.verdict.label}", "bold")
        if file.reason:
            yield Line(f"  原因：{file.reason}", "red")
        yield from _finding_lines(result.findings)
        if file.verdict is Verdict.ACCEPTED:
            yield f"  {say.statuses(Counter(a.status for a in result.assessments))}"
        if result.copy:
            yield f"  带校验意见的副本：{result.copy}"


def check_json(results: Iterable[CheckResult]) -> Json:
    """`check --json`."""
    return {"files": [_file_json(result.checked, result.findings) for result in results]}


def consolidation_lines(result: Consolidation) -> Told:
    """`consolidate`, of a district or, with the summary that it published, of a city."""
    published = result.published
    yield from _received_lines(result.files)
    yield from _city_lines(result, published.city) if published else _district_lines(result)
    yield from say.notices(result.notices)
    if result.saved.holder:
        yield Line(f"“{result.master.name}”{result.saved.holder}", "red")
        yield Line(f"台账没有改动，这次的结果在：{result.saved.output}", "red")
    else:
        yield f"台账：{result.master}"
    if published:
        yield Line(f"市级汇总表：{published.summary}", "bold")
    if published:
        yield from say.printed(published.printed)


def consolidation_json(result: Consolidation) -> Json:
    """`consolidate --json`; the five verdict counts add up to `received`."""
    published = result.published
    return {
        "received": len(result.files),
        **count_json(Verdict, result.verdicts),
        **(_city_json(result, published.city) if published else _district_json(result)),
        **pick(result, "master", "saved.output"),
        **(pick(published, "summary", "printed.pdf", "printed.gone") if published else {}),
        **pick(result, "returns", "notices"),
    }


def _district_lines(result: Consolidation) -> Told:
    yield f"{say.findings(result.findings)}（详见台账的“校验结果”）"
    account = result.account
    yield (
        f"对账：读到 {account.read} 项填报内容 = 采用 {account.recorded} + "
        f"有问题未采用 {account.found} + 说明等不计 {account.ignored}"
    )
    yield from (Line(words, "yellow") for words in say.asked(result.findings))
    yield say.reported(len(result.expected), len(result.reported))
    yield from say.units("未报", result.missing)
    yield from say.units("其中台账代填（没有采用的填报表，不算已报）", result.typed)
    yield from say.units("逾期", result.late)
    yield f"{len(result.assessments)} 条记录：{say.statuses(result.statuses)}"


def _district_json(result: Consolidation) -> Json:
    own: dict[str, list[Finding]] = defaultdict(list)
    for finding in result.findings:
        own[finding.file].append(finding)
    return {
        "files": [_file_json(file, own[file.submission.file]) for file in result.files],
        "units": {
            "expected": len(result.expected),
            "reported": len(result.reported),
            "missing": say.names(result.missing),
            "typed_in_master": say.names(result.typed),
            "late": say.names(result.late),
        },
        "entries": result.account,
        "accepted_warnings": result.accepted,
        "records": len(result.assessments),
        "status": count_json(Status, result.statuses),
    }


def _city_lines(result: Consolidation, city: City) -> Told:
    for file in result.files:
        own = [f for f in result.findings if f.file == file.submission.file]
        if own and file.verdict is Verdict.ACCEPTED:
            yield Line(f"  {file.unit_name} {file.submission.file}", "bold")
            yield from _finding_lines(own)
    rows = [
        (
            district.unit.name,
            f"{district.sent}/{district.units}",
            district.statuses.total(),
            say.share(met_share(district.statuses)),
            district.statuses[Status.UNMET],
            district.stated[Status.UNMET],
            district.errors,
        )
        for district in city.districts
    ]
    yield Table(
        "区县情况", ("区县", "单位", "应填", "达标率", "未达标", "区县自报未达标", "校验错误"), rows
    )
    if city.missing:
        yield Line(f"没有可用汇总表的区县：{'、'.join(say.names(city.missing))}", "yellow")
    yield f"全市 {city.statuses.total()} 条记录：{say.statuses(city.statuses)}"


def _city_json(result: Consolidation, city: City) -> Json:
    return {
        "files": [
            {
                **pick(file, "submission.file", "submission.sha256"),
                "district": file.unit.name if file.unit else None,
                **pick(file, "verdict", "reason"),
                "imprint": short_imprint(file.submission.stamp.get("imprint", "")),
            }
            for file in result.files
        ],
        "findings": result.findings,
        "districts": [
            {
                "district": district.unit.name,
                **pick(district, "file", "as_of", "late", "units"),
                "reported": district.sent,
                **pick(district, "errors", "excluded"),
                "status": count_json(Status, district.statuses),
                "stated": count_json(Status, district.stated),
                "indicators": _totals_json(district.indicators),
            }
            for district in city.districts
        ],
        "missing": say.names(city.missing),
        "records": city.statuses.total(),
        "status": count_json(Status, city.statuses),
        "indicators": _totals_json(city.indicators),
    }


def _received_lines(files: Sequence[Judged]) -> Told:
    yield Line(say.received(files), "bold")
    told = [file for file in files if file.reason]
    for file in told[:_FILES_SHOWN]:
        style = _STYLES.get(file.verdict, "dim")
        yield Line(f"  {file.verdict.label} {file.submission.file}：{file.reason}", style)
    if len(told) > _FILES_SHOWN:
        yield f"  ……另有 {len(told) - _FILES_SHOWN} 个文件，详见台账的“报送登记”"


def _finding_lines(findings: Iterable[Finding]) -> Told:
    """Equal findings as one line with their cells."""
    groups = [
        list(group) for _, group in groupby(findings, lambda f: (f.label, f.rule, f.told, f.sheet))
    ]
    yield from map(_finding_line, groups[:_GROUPS_SHOWN])
    if len(groups) > _GROUPS_SHOWN:
        yield f"  ……另有 {len(groups) - _GROUPS_SHOWN} 类问题，用 --annotate 看全部"


def _finding_line(group: Sequence[Finding]) -> Line:
    first = group[0]
    cells = [finding.cell for finding in group if finding.cell]
    place = f"{first.sheet} {say.some(cells, _CELLS_SHOWN, '处')}".strip()
    words = f"{place}：{first.told}" if place else first.told
    value = say.found(first) if len(group) == 1 else ""
    severity = Line(f"[{first.label}] ", _COLOURS[first.severity])
    return Line("  ", rest=(severity, Line(f"{words}{value}"), Line(f" → {first.remedy}", "dim")))


def _file_json(file: Judged, findings: Sequence[Finding]) -> Json:
    return {
        **pick(file, "submission.file", "submission.sha256"),
        "unit": file.unit.name if file.unit else None,
        "period": file.submission.stamp.get("period"),
        **pick(file, "verdict", "reason"),
        "records": file.size,
        "findings": findings,
    }


def _totals_json(totals: Iterable[IndicatorTotal]) -> list[Json]:
    keys = ("indicator.code", "value", "numerator", "denominator")
    return [{**pick(total, *keys), "status": total.shown_status} for total in totals]
