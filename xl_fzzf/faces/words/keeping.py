"""What `verify`, `exclude` and `include` tell: what was held against what, what has changed, and what only a person can vouch for."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import TYPE_CHECKING

from xl_fzzf.faces.words import say
from xl_fzzf.faces.words.telling import Json, Line, Told, pick

if TYPE_CHECKING:
    from xl_fzzf.archive.chain import Head
    from xl_fzzf.jobs.exclude import Exclusion
    from xl_fzzf.jobs.verify import Discrepancy, Verification

_SHOWN, _LONGEST = 20, 40


def verification_lines(result: Verification) -> Told:
    """`verify`: of very many cells of a file the first."""
    yield Line(
        f"核验 {result.folder.resolve()}：运行记录 {result.runs}、收件记录 {result.collected}、"
        f"原件 {result.originals}、备份 {result.states}、台账 {result.masters}",
        "bold",
    )
    for file, found in groupby(result.discrepancies, lambda each: each.file):
        yield Line(f"  {file or '不在了'}", "red")
        yield from _lines(list(found))
    yield from (Line(f"  {note}", "yellow") for note in result.notes)
    if result.clean:
        yield Line("没有发现改动：记录一份接一份，文件都与记着的指纹一致", "green")
    else:
        yield Line(f"发现 {len(result.discrepancies)} 处与记着的不一致", "red")
    for kind, head in (("运行", result.run_head), ("收件", result.collected_head)):
        if head.number:
            yield f"最后一份{kind}记录：第 {head.number} 份，指纹 {head.sha256}"
    if result.run_head.number:
        yield "最后一份要靠别处记着的指纹来证明：请与上次核验时抄下的、上报时写明的核对"


def _lines(found: list[Discrepancy]) -> Iterator[str]:
    for each in found[:_SHOWN]:
        place = f"{each.sheet} {each.cell}".strip()
        change = f"（“{_short(each.was)}” → “{_short(each.now)}”）" if each.cell else ""
        yield f"    {place}{'：' if place else ''}{each.words}{change}"
    if len(found) > _SHOWN:
        yield f"    ……这个文件共 {len(found)} 处，全部用 --json 看"


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def verification_json(result: Verification) -> Json:
    """`verify --json`."""
    return {
        **pick(result, "folder", "clean", "runs", "collected", "originals", "states", "masters"),
        "discrepancies": [
            pick(each, "file", "sheet", "cell", "was", "now", "words")
            for each in result.discrepancies
        ],
        "notes": result.notes,
        "run_head": _head_json(result.run_head),
        "collected_head": _head_json(result.collected_head),
    }


def _head_json(head: Head) -> Json:
    return pick(head, "number", "sha256")


def exclusion_lines(result: Exclusion) -> Told:
    """`exclude` and `include`."""
    yield from say.notices(result.notices)
    whose = f"{result.unit}，" if result.unit else ""
    file = f"“{result.file}”（{whose}指纹 {result.sha256[:12]}）"
    if not result.excluded:
        yield f"{file}恢复采用，汇总时照常判定"
    else:
        yield f"{file}不采用：{result.reason}"
        if result.instead:
            yield f"再汇总时重新采用以前报的“{result.instead}”"
        else:
            yield "这个单位没有别的采用过的文件；报送文件夹里另有一份的，汇总时照常判定"
    yield "下一步：运行 fzzf consolidate"


def exclusion_json(result: Exclusion) -> Json:
    """`exclude --json` and `include --json`."""
    head = pick(result, "master", "file", "sha256", "unit", "reason")
    return {**head, **pick(result, "excluded", "instead", "notices")}
