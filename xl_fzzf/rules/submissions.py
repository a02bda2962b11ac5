"""Rules on a received file among the others of its unit: late, equal to another, or sent again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from xl_fzzf.model.finding import Severity, WaiverKey, Waivers
from xl_fzzf.model.judged import Blanked, Difference, Earlier, Judged, find_differences
from xl_fzzf.model.record import ENTRY_LABELS, blank, grouped
from xl_fzzf.model.settings import Blanks
from xl_fzzf.model.settling import first_of
from xl_fzzf.model.submission import Verdict
from xl_fzzf.rules.rule import Fault, Rules

_MOST_DIFFERENCES = 10
_MOST_BLANKED = 100
"""So many indicators are named whose entries a newer file leaves blank."""


@dataclass(frozen=True, slots=True)
class Sending:
    """A file as it was sent, beside the unit's other files.

    `late` says whether it is the unit's first good file and came after the deadline's day, `equal`
    names the file that it equals byte for byte, `replaced` the unit's files of this run that it
    replaces. `previous` names the file that counted before, `differences` are what changed since,
    `blanked` the entries of older files that this one, of that fingerprint (`sha256`), leaves blank.
    `sender` and `form` are what sends what.
    """

    received: datetime
    deadline: date
    late: bool = False
    equal: str = ""
    replaced: tuple[str, ...] = ()
    previous: str = ""
    differences: tuple[Difference, ...] = ()
    blanked: Blanked | None = None
    sha256: str = ""
    sender: str = "单位"
    form: str = "填报表"


Before = Callable[[str, str], Earlier | None]
"""By unit code and hash: the unit's last other file, not of this hash, that an earlier run accepted."""


def nothing_before(unit: str, sha256: str) -> None:
    """No earlier run is known."""


def sending(
    file: Judged,
    files: Iterable[Judged],
    deadline: date,
    before: Before,
    first: Mapping[str, datetime],
) -> Sending:
    """A file beside all files of its run; `before` is asked for those of earlier runs.

    `first` has by unit code when the first good one of these came.
    """
    submission, unit = file.submission, file.unit
    plain = Sending(submission.received, deadline)
    if file.summary:
        plain = replace(plain, sender="区县", form="汇总表")
    if file.verdict is Verdict.DUPLICATE:
        same = (f for f in files if f.submission.sha256 == submission.sha256)
        return replace(plain, equal=first_of(same).submission.file)
    if not file.counts or unit is None:
        return plain
    own = (f for f in files if f.unit and f.unit.code == unit.code)
    replaced = sorted(
        (f for f in own if f.verdict is Verdict.SUPERSEDED), key=lambda file: file.order
    )
    timely = unit.code in first and first[unit.code].date() <= deadline
    timely = timely or not all(f.is_late(deadline) for f in (*replaced, file))
    previous = before(unit.code, submission.sha256)
    if replaced:
        previous = Earlier(replaced[-1].submission.file, replaced[-1].entries())
    differences = find_differences(previous.entries, file.entries()) if previous else ()
    return replace(
        plain,
        late=not timely,
        replaced=tuple(f.submission.file for f in replaced),
        previous=previous.file if previous else "",
        differences=tuple(differences),
        sha256=submission.sha256,
    )


SUBMISSION_RULES: Rules[Sending] = Rules()


@SUBMISSION_RULES("late", Severity.WARNING, "在报送截止当天及以前收到")
def late_(case: Sending) -> Iterator[Fault]:
    """逾期: the unit's return came after the deadline's day; it is taken all the same."""
    if case.late:
        yield Fault(
            f"逾期报送：{case.received:%Y-%m-%d %H:%M} 收到，截止 {case.deadline}；内容照常采用",
            value=f"{case.received:%Y-%m-%d}",
            expected=f"{case.deadline} 及以前",
            remedy=f"请提醒{case.sender}按时报送；经同意延期的，可写明接受理由",
        )


@SUBMISSION_RULES("two-files", Severity.WARNING, "每个单位只有一份填报表")
def two_files(case: Sending) -> Iterator[Fault]:
    """两份填报表: the unit sent different files; the one received last is taken."""
    if case.replaced:
        names = "、".join(f"“{name}”" for name in case.replaced)
        yield Fault(
            f"这个{case.sender}报了 {len(case.replaced) + 1} 份不同的{case.form}，采用最后收到的这一份，没有用 {names}",
            value="、".join(case.replaced),
            expected=f"每个{case.sender}一份",
            remedy=f"请与{case.sender}核实以哪一份为准；要用别的那份，请把这份移出报送文件夹再汇总",
        )


@SUBMISSION_RULES("blanked", Severity.WARNING, "新版没有把以前报过的格留空", fixed=True)
def blanked(case: Sending) -> Iterator[Fault]:
    """新版留空: the file leaves blank what an older one of the unit filled; the coordinator is asked."""
    if case.blanked is None:
        return
    found, names = case.blanked, "”“".join(case.blanked.files)
    became = "台账保留原值" if found.kept else "以新版为准，原值已清空"
    cells = [
        f"{code} {'、'.join(ENTRY_LABELS[name] for _, name in own)}"
        for code, own in grouped(found.entries, lambda entry: entry[0]).items()
    ]
    more = f"；等 {len(cells)} 项指标" if len(cells) > _MOST_BLANKED else ""
    yield Fault(
        f"新版把“{names}”报过的 {len(found.entries)} 格留空了，{became}："
        f"{'；'.join(cells[:_MOST_BLANKED])}{more}",
        value=_named(case.sha256),
        expected="更正：留空的格仍是原值；整份替换：留空的格清空",
        remedy="请向单位核实。是更正的，在“接受理由”写“更正”；"
        f"是整份替换的，写“{Blanks.REPLACE}”，再汇总一次",
    )


def blanked_key(file: Judged) -> WaiverKey:
    """Beside which finding the coordinator says whether a file corrects or replaces the older ones."""
    return WaiverKey(
        SUBMISSION_RULES["blanked"].title, file.unit_name, "", _named(file.submission.sha256)
    )


def replaces(file: Judged, waivers: Waivers) -> bool:
    """Whether the coordinator said that a file replaces the unit's older ones, blank cells included."""
    return waivers.get(blanked_key(file), "").strip().startswith(Blanks.REPLACE)


def _named(sha256: str) -> str:
    """A file by its bytes: the coordinator's word is for these, whatever the file is called."""
    return f"文件指纹 {sha256[:16]}"


@SUBMISSION_RULES("resubmitted", Severity.INFO, "重新报送的列出变化")
def resubmitted(case: Sending) -> Iterator[Fault]:
    """重新报送: what changed since the file that counted before."""
    if case.previous:
        count = len(case.differences)
        listed = "；".join(map(str, case.differences[:_MOST_DIFFERENCES]))
        more = f"；等共 {count} 处" if count > _MOST_DIFFERENCES else ""
        emptied = sum(blank(difference.after) for difference in case.differences)
        yield Fault(
            f"重新报送，与“{case.previous}”相比有 {count} 处变化"
            f"{f'，其中 {emptied} 处留空' if emptied else ''}"
            if count
            else f"重新报送，填报内容与“{case.previous}”相同",
            value=f"{listed}{more}",
            expected=f"变化之处与{case.sender}说的一致",
            remedy="请核对这些变化；两份原件都在档案里",
        )


@SUBMISSION_RULES("duplicate", Severity.INFO, "没有内容相同的文件")
def duplicate(case: Sending) -> Iterator[Fault]:
    """重复的文件: the file equals another one byte for byte; it counts once."""
    if case.equal:
        yield Fault(
            f"与“{case.equal}”内容完全相同，只算一次",
            value=case.equal,
            expected=f"每份{case.form}一个文件",
            remedy="不影响汇总；多余的一份请移走或不管",
        )


@dataclass(frozen=True, slots=True)
class Taken:
    """A unit's file that an earlier run took, none being in its place; `there` if it still is."""

    file: str
    there: bool
    unit: str = ""


TAKEN_RULES: Rules[Taken] = Rules()


@TAKEN_RULES("withdrawn", Severity.INFO, "采用的文件仍在报送文件夹里")
def withdrawn(case: Taken) -> Iterator[Fault]:
    """文件已撤走: a unit's file that was taken is gone, and none is in its place; its entries stay."""
    if not case.there:
        yield Fault(
            f"以前采用的“{case.file}”已不在报送文件夹里，台账里仍是它报的内容",
            value=case.file,
            expected="采用的文件仍在报送文件夹里",
            remedy="如是误删，请从“档案/原件”取回；确要撤回的，请清空台账里这个单位的黄色单元格",
        )
