"""Letters to the units: their returns, reminders, corrections and receipts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path

from xl_fzzf.desk.errors import JobError
from xl_fzzf.desk.mail.drafting import Composer, Drafts, Note, day_words, write_drafts
from xl_fzzf.desk.mail.places import Kind
from xl_fzzf.jobs.check import CheckResult, check_files
from xl_fzzf.jobs.prepare import return_names
from xl_fzzf.jobs.report import read_standing
from xl_fzzf.mail.letter import Attachment, Letter
from xl_fzzf.model.finding import Finding
from xl_fzzf.model.plan import Unit
from xl_fzzf.model.round import Received, Standing
from xl_fzzf.model.submission import Verdict
from xl_fzzf.office.naming import safe_file_name

_LONGEST_VALUE = 200
_TIME_TO_CORRECT = timedelta(days=2)
_TAKEN = (Verdict.ACCEPTED.label,)


def write_returns(path: Path, as_of: date, today: date) -> Drafts:
    """A draft for each unit with its own return; raises JobError where the returns aren't there."""
    master, standing = read_standing(path, as_of)
    composer = Composer(master.workspace, standing.round, Kind.RETURNS, today)
    names = return_names(standing.round.plan.units)

    def letters() -> Iterator[Letter]:
        for unit in standing.units:
            file = master.workspace.outgoing / f"{names[unit.code]}.xlsx"
            if not file.is_file():
                raise JobError(
                    f"缺少“{file.name}”({file.parent})。请先运行 fzzf distribute,再发邮件"
                )
            attachment = Attachment(file.name, file.read_bytes())
            to = composer.addresses(unit.name, unit.email)
            yield from composer.compose(unit.name, to, attachment.sha256, {}, (attachment,))

    return write_drafts(composer, letters())


def write_reminders(path: Path, as_of: date, today: date) -> Drafts:
    """A draft for each unit of which nothing came in; the later, the firmer."""
    master, standing = read_standing(path, as_of)
    composer = Composer(master.workspace, standing.round, Kind.REMINDERS, today)
    facts: dict[str, object] = {
        "as_of": day_words(as_of),
        "days_late": (as_of - standing.round.settings.deadline).days,
    }
    letters = (
        letter
        for unit in standing.missing
        for letter in composer.compose(
            unit.name, composer.addresses(unit.name, unit.email), as_of.isoformat(), facts
        )
    )
    return write_drafts(composer, letters)


def write_receipts(path: Path, as_of: date, today: date) -> Drafts:
    """A draft for each unit whose return was taken: when it came, and its fingerprint."""
    master, standing = read_standing(path, as_of)
    composer = Composer(master.workspace, standing.round, Kind.RECEIPTS, today)

    def letters() -> Iterator[Letter]:
        for file, unit in _register(standing, _TAKEN):
            facts = {
                "file": Path(file.file).name,
                "received": file.received,
                "timely": file.timely,
                "sha256": file.sha256,
            }
            to = composer.addresses(unit.name, unit.email)
            yield from composer.compose(unit.name, to, file.sha256, facts)

    return write_drafts(composer, letters())


def write_corrections(path: Path, as_of: date, today: date) -> Drafts:
    """A draft for each unit whose return has errors or could not be taken: its findings and its file."""
    master, standing = read_standing(path, as_of)
    composer = Composer(master.workspace, standing.round, Kind.CORRECTIONS, today)
    lines = _to_correct(standing)
    files = [master.workspace.incoming / line.file for line, _ in lines]
    for file in files:
        if not file.is_file():
            raise JobError(f"“报送”里缺少“{file.name}”。请再运行 fzzf consolidate,再发退回通知")
    results = check_files(files, path, path.parent, as_of, annotate=True) if files else []

    def letters() -> Iterator[Letter]:
        for (line, unit), result in zip(lines, results, strict=True):
            if not result.clean:
                yield from _correction(composer, line, unit, result)

    drafts = write_drafts(composer, letters())
    drafts.notes += [
        Note(f"“{file.file}”", f"不知道是哪个单位的({file.reason}),请人工联系")
        for file in standing.files
        if file.verdict == Verdict.QUARANTINED.label and not file.unit
    ]
    return drafts


def _correction(
    composer: Composer, line: Received, unit: Unit, result: CheckResult
) -> Iterator[Letter]:
    source = result.copy or result.path
    stem = safe_file_name(Path(line.file).stem)
    attachment = Attachment(f"{stem}{source.suffix}", source.read_bytes())
    findings = [_finding_facts(finding) for finding in result.findings]
    if result.checked.reason and not findings:
        findings = [{**_EMPTY, "severity": "错误", "message": result.checked.reason}]
    deadline = composer.round.settings.deadline
    in_time = deadline - composer.today >= _TIME_TO_CORRECT
    facts: dict[str, object] = {
        "file": Path(line.file).name,
        "received": line.received,
        "findings": findings,
        "corrected_here": result.copy is not None,
        "due": f"{day_words(deadline)}前" if in_time else "收到本通知后2个工作日内",
    }
    identity = "\n".join((line.sha256, *(finding["message"] for finding in findings)))
    to = composer.addresses(unit.name, unit.email)
    yield from composer.compose(unit.name, to, identity, facts, (attachment,))


_EMPTY: Mapping[str, str] = {
    "severity": "",
    "place": "",
    "message": "",
    "value": "",
    "remedy": "",
}


def _finding_facts(finding: Finding) -> dict[str, str]:
    place = f"工作表“{finding.sheet}”{finding.cell}" if finding.sheet else ""
    if finding.indicator:
        place = (
            f"{place}\uff08指标 {finding.indicator}\uff09" if place else f"指标 {finding.indicator}"
        )
    value = finding.value
    if len(value) > _LONGEST_VALUE:
        value = f"{value[:_LONGEST_VALUE]}……"
    return {
        "severity": finding.severity.label,
        "place": place,
        "message": finding.message.rstrip("。"),
        "value": value,
        "remedy": finding.remedy,
    }


def _register(standing: Standing, verdicts: Sequence[str]) -> Iterator[tuple[Received, Unit]]:
    """The lines of 报送登记 with these verdicts whose unit is known; raises JobError without any line."""
    if not standing.files:
        raise JobError("台账的“报送登记”是空的。请先运行 fzzf consolidate,再发邮件")
    for file in standing.files:
        unit = standing.round.plan.find_unit(file.unit)
        if file.verdict in verdicts and unit is not None:
            yield file, unit


def _to_correct(standing: Standing) -> list[tuple[Received, Unit]]:
    """The files to look at: of each unit the one that was taken, or else the last one that could not be."""
    taken = {unit.code: (file, unit) for file, unit in _register(standing, _TAKEN)}
    refused = {
        unit.code: (file, unit)
        for file, unit in sorted(
            _register(standing, (Verdict.QUARANTINED.label,)), key=lambda item: item[0].received
        )
    }
    both = refused | taken
    return [both[unit.code] for unit in standing.round.plan.units if unit.code in both]


WRITERS: Mapping[str, Callable[[Path, date, date], Drafts]] = {
    "returns": write_returns,
    "reminders": write_reminders,
    "corrections": write_corrections,
    "receipts": write_receipts,
}
"""What writes a kind of letters: from the master, as of a day, dated."""
