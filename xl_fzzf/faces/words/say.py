"""What is said alike of many results: names, counts and shares, findings, statuses, files."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from xl_fzzf.faces.words.telling import Line, Told
from xl_fzzf.model.finding import ACCEPTED, Finding, Severity
from xl_fzzf.model.settings import Blanks
from xl_fzzf.model.status import Status
from xl_fzzf.model.submission import Verdict

if TYPE_CHECKING:
    from xl_fzzf.desk.printing import Printed
    from xl_fzzf.desk.upward import GaveWay
    from xl_fzzf.model.collected import Fate
    from xl_fzzf.model.judged import Judged
    from xl_fzzf.model.plan import Unit

_NAMES_SHOWN = 30


def names(units: Iterable[Unit]) -> list[str]:
    """The units' names."""
    return [unit.name for unit in units]


def units(label: str, units: Sequence[Unit]) -> Told:
    """Which units they are, if there are any; of very many the first."""
    if units:
        yield f"{label}：{some(names(units), _NAMES_SHOWN)}"


def reported(expected: int, reported: int) -> str:
    """How many units have to report, and how many did."""
    return f"应报 {expected} 个单位，已报 {reported} 个"


def notices(notices: Iterable[str]) -> Told:
    """What is to be known about the archive."""
    return (Line(notice, "yellow") for notice in notices)


def gone(files: Iterable[GaveWay]) -> Told:
    """Where the files of 上报 are kept that gave way to newer ones."""
    return (f"原来的“{file.path.name}”存在 {file.kept}" for file in files)


def printed(printed: Printed) -> Told:
    """The PDF of a summary, and what gave way to it and to the summary."""
    if printed.pdf:
        yield f"PDF：{printed.pdf}"
    yield from gone(printed.gone)
    if not printed.pdf and any(file.path.suffix == ".pdf" for file in printed.gone):
        yield "原来的 PDF 与现在的汇总表不一致，已从“上报”移走"


def found(finding: Finding) -> str:
    """What a finding found, in brackets: what the unit typed, or else what its message does not say."""
    if finding.value and finding.field:
        return f"（填的是“{finding.value}”）"
    told = not finding.value or finding.value in finding.message
    return "" if told else f"（{finding.value}）"


def some(words: Sequence[str], most: int, measure: str = "个") -> str:
    """The first words of a list, and how many it has if that is more."""
    more = f" 等 {len(words)} {measure}" if len(words) > most else ""
    return f"{'、'.join(words[:most])}{more}"


def os_error(error: OSError) -> tuple[str, str]:
    """What could not be read or written, and what to do."""
    return (
        f"文件读写出错：{error.strerror or error} {error.filename or ''}",
        "请确认文件没有被占用、磁盘没有满、文件夹可以写入，然后再试。",
    )


def share(value: float | None) -> str:
    """A share in percent."""
    return "—" if value is None else f"{value:.1%}"


def findings(findings: Iterable[Finding]) -> str:
    """How many findings weigh how much."""
    counts = Counter(finding.label for finding in findings)
    labels = [*(severity.label for severity in Severity), ACCEPTED]
    return f"校验问题：{_listed((label, counts[label]) for label in labels)}"


def statuses(counts: Counter[Status], absent: bool = True) -> str:
    """How many records have which status; those that none has are named if `absent`."""
    return _listed((status.value, counts[status]) for status in Status if absent or counts[status])


def files(kinds: type[Verdict] | type[Fate], counts: Mapping[Any, int]) -> str:
    """How many files met which verdict or fate."""
    return _listed((kind.label, counts[kind]) for kind in kinds if counts[kind]) or "没有"


def received(judged: Sequence[Judged]) -> str:
    """How many files came in, and how many got which verdict."""
    counts = Counter(file.verdict for file in judged)
    return f"收到 {len(judged)} 个文件：{files(Verdict, counts)}"


def asked(findings: Iterable[Finding]) -> Iterator[str]:
    """What the coordinator is asked: whether newer versions correct or replace the older ones."""
    count = sum(finding.rule == "blanked" and not finding.accepted for finding in findings)
    if count:
        yield (
            f"{count} 份新版留空了以前报过的格：请向单位核实，在“校验结果”的“接受理由”里写“更正”"
            f"或“{Blanks.REPLACE}”，再汇总一次"
        )


def _listed(counts: Iterable[tuple[str, int]]) -> str:
    return "、".join(f"{label} {count}" for label, count in counts)
