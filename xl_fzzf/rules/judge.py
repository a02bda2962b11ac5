"""In what order a file is judged, told once.

A file that came in is judged by itself: first as a file, then in its structure, then in how each entry
was typed. When it is settled which files count (`model.judged.settle`) and they are merged into the
master, the round is judged: each record by itself and beside others, where it can be put right, in its
file or in the master; what was typed into the master; each file among those of its unit; the settings;
and last the reasons for accepting what was found.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from xl_fzzf.model.assessment import Assessment
from xl_fzzf.model.comparison import Compared, LastPeriod, compare
from xl_fzzf.model.district import Summary, Tables
from xl_fzzf.model.driving import Edit
from xl_fzzf.model.finding import Finding, Severity, Waivers, apply_waivers
from xl_fzzf.model.judged import Blanked, Judged
from xl_fzzf.model.plan import Area, Unit
from xl_fzzf.model.record import ENTRY_FIELDS, Key, Record, grouped
from xl_fzzf.model.round import Round
from xl_fzzf.model.structure import build_structure
from xl_fzzf.model.submission import NOTHING, Mark, SheetContent, Submission, Verdict
from xl_fzzf.rules import ALL_RULES, RECORD_RULES, sort_findings
from xl_fzzf.rules.across import ACROSS_RULES
from xl_fzzf.rules.asked import ASKED_RULES
from xl_fzzf.rules.entries import ENTRY_RULES, enter, marks_by_place
from xl_fzzf.rules.files import FILE_RULES, SUMMARY_FILE_RULES, FileCase, find_lacking
from xl_fzzf.rules.imprint import IMPRINT_RULES
from xl_fzzf.rules.master import (
    EDIT_RULES,
    MASTER_ROW_RULES,
    MERGE_RULES,
    ROUND_RULES,
    SETTINGS_RULES,
    WAIVER_RULES,
    Conflict,
)
from xl_fzzf.rules.nothing import NOTHING_RULES
from xl_fzzf.rules.rule import Place, find
from xl_fzzf.rules.structure import STRUCTURE_RULES
from xl_fzzf.rules.submissions import (
    SUBMISSION_RULES,
    TAKEN_RULES,
    Before,
    Taken,
    nothing_before,
    sending,
)
from xl_fzzf.rules.summaries import SUMMARY_PLAN_RULES, SUMMARY_RULES


@dataclass(frozen=True, slots=True)
class Forms:
    """What of our workbooks' layout judging must know: its version, and how sheets are called.

    `tables` are those of a summary that are recomputed: totals, units, and last its records, among
    which `total_mark` stands beside the district's own totals.
    """

    version: str
    area_sheet: Callable[[Area], str]
    tables: tuple[str, str, str]
    total_mark: str
    settings: str
    findings: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """A master, by file name, into which the files that count were merged.

    `sources` has the file behind each record that nobody typed into; `repeated` are records that
    stand in the master twice, `taken` the earlier files in whose place none is, `blanked` has by
    file what it leaves blank though an older one filled it.
    """

    master: str
    sheets: Mapping[str, SheetContent] = field(default_factory=dict)
    assessments: Sequence[Assessment] = ()
    sources: Mapping[Key, Judged] = field(default_factory=dict)
    conflicts: Sequence[Conflict] = ()
    repeated: Sequence[Record] = ()
    taken: Sequence[Taken] = ()
    blanked: Mapping[str, Blanked] = field(default_factory=dict)

    def tell(self, file: Judged) -> Judged:
        """A file with what merging it came to as the reason, where that is to be told."""
        blanked = self.blanked.get(file.submission.file)
        return replace(file, reason=blanked.reason) if blanked else file


@dataclass(frozen=True, slots=True)
class Known:
    """What is known beside the files: the reasons for accepting findings, and the files before.

    `first` has by unit code when the first good file of an earlier run came, `finals` last year's final
    values. `listed` are the rules that the master's 设置 lists; of those on settings only these are run. `edits`
    are what was edited in the driving sheets, `entries` what records said in the year's period before.
    """

    waivers: Waivers
    before: Before = nothing_before
    listed: Container[str] = frozenset(ALL_RULES)
    edits: Sequence[Edit] = ()
    first: Mapping[str, datetime] = field(default_factory=dict)
    finals: Mapping[Key, float] = field(default_factory=dict)
    entries: LastPeriod = field(default_factory=dict)


def judge_return(submission: Submission, round_: Round, forms: Forms) -> Judged:
    """Whether a file can be taken as a unit's return, and which records it holds.

    Keeps it out: an error in the file as such, or entries that are unaccounted for.
    """
    if submission.ignored:
        return Judged(submission, Verdict.IGNORED, submission.ignored)
    severities = round_.settings.severities
    case = FileCase(submission, round_.plan, forms.version, str(round_.settings.period))
    unit = case.unit
    place = Place(submission.file, unit.name if unit else "", submission.sheets)
    found = list(find(FILE_RULES, case, severities, place))
    errors = [finding for finding in found if finding.severity is Severity.ERROR]
    if errors or unit is None:
        return _kept_out(submission, unit, errors[0])
    structure = build_structure(submission, round_, unit, forms.area_sheet)
    found += find({**STRUCTURE_RULES, **ASKED_RULES, **NOTHING_RULES}, structure, severities, place)
    if not structure.resolution.account.balanced:
        lost = next(finding for finding in found if finding.rule == "accounting")
        return _kept_out(submission, unit, lost)
    entered = list(enter(structure, round_.settings.period.end))
    for entry in entered:
        at = replace(place, record=entry.normalised.record)
        found += find(ENTRY_RULES, entry, severities, at)
    return Judged(
        submission,
        Verdict.ACCEPTED,
        f"{NOTHING}：{submission.excuse}" if submission.excuse else "",
        unit,
        tuple(found),
        records={entry.indicator.code: entry.normalised.record for entry in entered},
        normalised={
            (entry.indicator.code, name): cell
            for entry in entered
            for name, cell in entry.normalised.typed.items()
        },
        account=structure.resolution.account,
    )


def judge_summary(submission: Submission, round_: Round, forms: Forms) -> Judged:
    """Whether a file can be taken as a district's summary, and whether it agrees with itself."""
    if submission.ignored:
        return Judged(submission, Verdict.IGNORED, submission.ignored)
    lacking, period = tuple(find_lacking(submission, forms.tables)), str(round_.settings.period)
    case = FileCase(submission, round_.plan, forms.version, period, "summary", lacking)
    district = case.unit if case.ours else None
    place = Place(submission.file, district.name if district else "", submission.tables)
    found = list(find(SUMMARY_FILE_RULES, case, {}, place))
    if found or district is None:
        return _kept_out(submission, district, found[0])
    summary = Summary(round_.plan, district, Tables.of(submission, forms.tables, forms.total_mark))
    for finding in find(SUMMARY_PLAN_RULES, summary, {}, place):
        return _kept_out(submission, district, finding)
    findings = tuple(find(SUMMARY_RULES, summary, {}, place))
    for finding in find(
        IMPRINT_RULES, case, {}, place
    ):  # where it was changed, as far as that shows
        kept_out = _kept_out(submission, district, finding)
        return replace(kept_out, findings=(finding, *findings))
    return Judged(submission, Verdict.ACCEPTED, "", district, findings, summary=summary)


def judge_round(
    files: Sequence[Judged], merged: Merged, round_: Round, forms: Forms, known: Known
) -> list[Finding]:
    """All findings of a round, sorted: those of its files, of its records, and of its master."""
    settings, severities = round_.settings, round_.settings.severities
    found = [finding for file in files for finding in file.findings]
    found += _judge_merged(merged, round_, known)
    found += _judge_master(merged, round_)
    for file in files:
        case = replace(
            sending(file, files, settings.deadline, known.before, known.first),
            blanked=merged.blanked.get(file.submission.file),
        )
        place = Place(file.submission.file, file.unit_name)
        found += find(SUBMISSION_RULES, case, severities, place)
    listed = {code: rule for code, rule in SETTINGS_RULES.items() if code in known.listed}
    found += find(listed, settings, severities, Place(merged.master, sheet=forms.settings))
    found += _judge_driving(merged.master, round_, known)
    found = apply_waivers(found, known.waivers)
    for finding in tuple(found):
        place = Place(merged.master, finding.unit, sheet=forms.findings)
        found += find(WAIVER_RULES, finding, severities, place)
    return sort_findings(found)


def _judge_merged(merged: Merged, round_: Round, known: Known) -> Iterator[Finding]:
    """The records, each where it can be put right: in its file, or in the master."""
    compared = compare(merged.assessments, round_.settings.period, known.finals, known.entries)
    sheets = {merged.master: merged.sheets}
    sheets |= {file.submission.file: file.submission.sheets for file in merged.sources.values()}

    def home(assessment: Assessment) -> str:
        source = merged.sources.get(assessment.record.key)
        if source or round_.plan.silent(assessment.indicator.code, assessment.record):
            return source.submission.file if source else ""
        return merged.master

    for name, group in grouped(merged.assessments, home).items():
        if name:
            place = Place(name, sheets=sheets[name])
            yield from judge_records(group, compared, round_, place)


def judge_records(
    assessments: Iterable[Assessment], compared: Mapping[Key, Compared], round_: Round, place: Place
) -> Iterator[Finding]:
    """Records that stand in one file, each by itself, and beside what it is compared with.

    What a missing column, a formula without a result or text struck through brings about is left out:
    each is a finding already.
    """
    severities, marks = round_.settings.severities, marks_by_place(place.sheets)
    for assessment in assessments:
        record = assessment.record
        letters = place.sheets[record.sheet].letters
        unread = {name for name in ENTRY_FIELDS if name not in letters}
        for marked in marks[record.sheet, record.row]:
            if marked.mark in (Mark.UNCALCULATED, Mark.STRUCK):
                unread.add(marked.field)
        at = replace(place, unit=assessment.unit.name, record=record)
        yield from find(RECORD_RULES, assessment, severities, replace(at, unread=unread))
        if record.key in compared:
            yield from find(ACROSS_RULES, compared[record.key], severities, at)


def _judge_master(merged: Merged, round_: Round) -> Iterator[Finding]:
    """What was typed into the master, and whose file is gone from beside it."""
    own, severities = Place(merged.master, sheets=merged.sheets), round_.settings.severities
    for conflict in merged.conflicts:
        record = conflict.master
        at = replace(own, unit=round_.plan.unit_by_code[record.unit].name, record=record)
        yield from find(MERGE_RULES, conflict, severities, at)
    for record in merged.repeated:
        yield from find(MASTER_ROW_RULES, record, {}, replace(own, unit=record.unit, record=record))
    for taken in merged.taken:
        yield from find(TAKEN_RULES, taken, severities, replace(own, unit=taken.unit))


def _judge_driving(master: str, round_: Round, known: Known) -> Iterator[Finding]:
    """What drives the round: by itself, and what was edited in it."""
    severities = round_.settings.severities
    listed = {code: rule for code, rule in ROUND_RULES.items() if code in known.listed}
    yield from find(listed, round_, severities, Place(master))
    for edit in known.edits:
        yield from find(EDIT_RULES, edit, severities, Place(master))


def _kept_out(submission: Submission, unit: Unit | None, why: Finding) -> Judged:
    return Judged(submission, Verdict.QUARANTINED, why.message, unit, (why,))
