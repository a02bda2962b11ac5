"""mail returns, reminders, corrections, receipts: letters to the units as drafts, from what a round says.

Four kinds of one thing: `_CONTENTS` says of each what its letters are about; its template has its name.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path

from xl_fzzf.desk.as_of import figures_day
from xl_fzzf.desk.errors import JobError
from xl_fzzf.desk.mail.drafting import Composer, Content, Drafts, LetterKind, Note
from xl_fzzf.desk.master import open_master
from xl_fzzf.jobs.check import CheckResult, check_files
from xl_fzzf.jobs.distribute import return_names
from xl_fzzf.jobs.status import stand
from xl_fzzf.mail.attachment import Attachment
from xl_fzzf.model.finding import Finding, Severity
from xl_fzzf.model.plan import Unit, find_named
from xl_fzzf.model.round import Registered, Standing
from xl_fzzf.model.status import Status
from xl_fzzf.model.submission import Verdict
from xl_fzzf.office.naming import safe_file_name
from xl_fzzf.sheets.summary.phrases import say_date

_LONGEST_VALUE = 200
_TIME_TO_CORRECT = timedelta(days=2)


def write_letters(kind: LetterKind, path: Path, as_of: date | None, today: date) -> Drafts:
    """Write the drafts of a kind of letters to the units, as the round stands on a day.

    By default that is today for reminders, which count the days, and the figures' own day for others.
    Raises JobError where what they need is not there yet: distributed returns, a consolidation.
    """
    reminding = kind is LetterKind.REMINDERS
    day = as_of or (today if reminding else figures_day(path, today))
    master = open_master(path, writing=False)
    standing = stand(master, day)
    composer = Composer(master.workspace, standing.round, kind, today)
    return composer.write(_CONTENTS[kind](composer, standing))


def _returns(composer: Composer, standing: Standing) -> Iterator[Content]:
    """To each unit its own return."""
    names = return_names(standing.round.plan.units)
    for unit in composer.addressed(standing.units):
        file = composer.workspace.outgoing / f"{names[unit.code]}.xlsx"
        if not file.is_file():
            raise JobError(
                f"缺少“{file.name}”（{file.parent}）。请先运行 fzzf distribute，再发邮件"
            )
        attachment = Attachment(file.name, file.read_bytes())
        to = composer.addresses(unit)
        yield Content(unit.name, to, attachment.sha256, {}, (attachment,))


def _reminders(composer: Composer, standing: Standing) -> Iterator[Content]:
    """To each unit of which nothing could be taken; the later, the firmer."""
    as_of = standing.as_of
    days_late = (as_of - standing.round.settings.deadline).days
    refused = _refused(standing)
    for unit in composer.addressed(standing.missing):
        came = refused.get(unit.code)
        facts = {"as_of": say_date(as_of), "days_late": days_late, "refused": came}
        identity = "\n".join((as_of.isoformat(), *(came or {}).values()))
        yield Content(unit.name, composer.addresses(unit), identity, facts)


def _refused(standing: Standing) -> dict[str, dict[str, str]]:
    """Of each unit the last file that could not be taken; one that can't be read is whose its name says."""
    plan = standing.round.plan
    lines = [line for line in standing.files if line.verdict == Verdict.QUARANTINED.label]
    refused: dict[str, dict[str, str]] = {}
    for line in sorted(lines, key=lambda line: line.received):
        unit = plan.find_unit(line.unit)
        for each in [unit] if unit else find_named(plan, Path(line.file).stem):
            refused[each.code] = {**_file(line), "reason": line.reason.rstrip("。")}
    return refused


def _receipts(composer: Composer, standing: Standing) -> Iterator[Content]:
    """To each unit whose return was taken: when it came, and how much is filled in."""
    counts = {total.unit.code: total.counts for total in standing.unit_totals}
    for line, unit in _register(composer, standing, Verdict.ACCEPTED):
        own = counts.get(unit.code, Counter())
        facts = {
            **_file(line),
            "timely": line.timely,
            "expected": own.total(),
            "filled": own.total() - own[Status.MISSING],
            "invalid": own[Status.INVALID],
            "note": line.reason,
        }
        yield Content(unit.name, composer.addresses(unit), line.sha256, facts)


def _corrections(composer: Composer, standing: Standing) -> Iterator[Content]:
    """To each unit whose return has errors or could not be taken: its findings and its file."""
    workspace, lines = composer.workspace, _to_correct(composer, standing)
    gone = [line for line, _ in lines if not (workspace.incoming / line.file).is_file()]
    composer.notes += [
        Note(line.unit, f"“报送”里缺少“{line.file}”，没有写。请再运行 fzzf consolidate")
        for line in gone
    ]
    lines = [(line, unit) for line, unit in lines if line not in gone]
    files = [workspace.incoming / line.file for line, _ in lines]
    path, as_of = workspace.master, standing.as_of
    results = check_files(files, path, path.parent, as_of, annotate=True) if files else []
    for (line, unit), result in zip(lines, results, strict=True):
        if not result.clean:
            yield _correction(composer, line, unit, result)
    composer.notes += [
        Note(f"“{line.file}”", f"不知道是哪个单位的（{line.reason}），请人工联系")
        for line in standing.files
        if line.verdict == Verdict.QUARANTINED.label and not line.unit
    ]


def _correction(composer: Composer, line: Registered, unit: Unit, result: CheckResult) -> Content:
    source = result.copy or result.path
    stem = safe_file_name(Path(line.file).stem)
    attachment = Attachment(f"{stem}{source.suffix}", source.read_bytes())
    findings = [_finding_facts(finding) for finding in result.findings]
    if result.checked.reason and not findings:
        refusal = Finding(rule="", severity=Severity.ERROR, message=result.checked.reason)
        findings = [_finding_facts(refusal)]
    deadline = composer.round.settings.deadline
    in_time = deadline - composer.today >= _TIME_TO_CORRECT
    facts = {
        **_file(line),
        "findings": findings,
        "note": line.reason if line.verdict == Verdict.ACCEPTED.label else "",
        "corrected_here": result.copy is not None,
        "due": f"{say_date(deadline)}前" if in_time else "收到本通知后2个工作日内",
    }
    identity = "\n".join((line.sha256, *(finding["message"] for finding in findings)))
    return Content(unit.name, composer.addresses(unit), identity, facts, (attachment,))


def _finding_facts(finding: Finding) -> dict[str, str]:
    place = f"工作表“{finding.sheet}”{finding.cell}" if finding.sheet else ""
    if finding.indicator:
        which = f"指标 {finding.indicator}"
        place = f"{place}（{which}）" if place else which
    value = finding.value if finding.field else ""  # else it is said, or nobody filled it in
    left_out = "……" if len(value) > _LONGEST_VALUE else ""
    return {
        "severity": finding.severity.label,
        "place": place,
        "message": finding.message.rstrip("。"),
        "value": f"{value[:_LONGEST_VALUE]}{left_out}",
        "remedy": finding.remedy,
    }


def _file(line: Registered) -> dict[str, str]:
    """What a letter says of a received file: its name, and when it came."""
    return {"file": Path(line.file).name, "received": line.received}


def _register(
    composer: Composer, standing: Standing, verdict: Verdict
) -> Iterator[tuple[Registered, Unit]]:
    """The lines of 报送登记 with a verdict whose unit is written to; raises JobError without any line."""
    if not standing.files:
        raise JobError("台账的“报送登记”是空的。请先运行 fzzf consolidate，再发邮件")
    for line in standing.files:
        unit = standing.round.plan.find_unit(line.unit)
        if line.verdict == verdict.label and unit is not None and composer.addressed([unit]):
            yield line, unit


def _to_correct(composer: Composer, standing: Standing) -> list[tuple[Registered, Unit]]:
    """The files to look at: of each unit the one that was taken, or else the last one that could not be."""
    refused = sorted(
        _register(composer, standing, Verdict.QUARANTINED), key=lambda item: item[0].received
    )
    lines = [*refused, *_register(composer, standing, Verdict.ACCEPTED)]
    last = {unit.code: (line, unit) for line, unit in lines}
    return [last[unit.code] for unit in standing.round.plan.units if unit.code in last]


_CONTENTS: Mapping[LetterKind, Callable[[Composer, Standing], Iterable[Content]]] = {
    LetterKind.RETURNS: _returns,
    LetterKind.REMINDERS: _reminders,
    LetterKind.CORRECTIONS: _corrections,
    LetterKind.RECEIPTS: _receipts,
}
"""What the letters of a kind are about."""
