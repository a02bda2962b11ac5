"""What `distribute` tells: how many returns there are, and what became of those that lay there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from xl_fzzf.faces.words import say
from xl_fzzf.faces.words.telling import Line, Told

if TYPE_CHECKING:
    from xl_fzzf.jobs.distribute import Distribution

_SHOWN = 12


def distribution_lines(result: Distribution) -> Told:
    """`distribute`."""
    if not result.files:
        yield "没有要分发的单位，请核对“单位”和“责任分工”"
        return
    yield f"已生成 {result.written} 份填报表，在 {result.files[0].parent}"
    yield from (Line(words, "yellow") for words in remarks(result))
    yield "下一步：把它们发给各单位；交回的文件放进“报送”文件夹，再运行 fzzf consolidate"


def remarks(result: Distribution) -> Iterator[str]:
    """What a person should know: edited driving sheets, returns that were not written, or not left."""
    yield from result.notices
    if result.kept:
        yield (
            f"{len(result.kept)} 份没有覆盖，“分发”里的已经填过或改动过，原样保留：{_listed(result.kept)}。"
            "填好的请移进“报送”；要新的空表，把它改名或移走，再分发一次"
        )
    if result.gone:
        yield (
            f"{len(result.gone)} 份所属的单位已撤销、改名或没有要报的，从“分发”移进了“档案”："
            f"{_listed([each.path for each in result.gone])}"
        )
    if result.left:
        yield (
            f"{len(result.left)} 份所属的单位已撤销、改名或没有要报的，但改动过，留在“分发”里没有动："
            f"{_listed(result.left)}。请核对，不要再发出去"
        )


def _listed(files: Sequence[Path]) -> str:
    return say.some([file.name for file in files], _SHOWN, "份")
