"""The figures that a summary states, one by one, so that two editions can be held against each other."""

from __future__ import annotations

from collections.abc import Iterator

from xl_fzzf.model.city import City
from xl_fzzf.model.edition import Figure, Figures
from xl_fzzf.model.record import ENTRY_FIELDS, ENTRY_LABELS, text
from xl_fzzf.model.rollup import IndicatorTotal
from xl_fzzf.model.round import Assessed, Standing
from xl_fzzf.model.status import Status


def figures_of(assessed: Standing | City) -> Figures:
    """All that a summary states: key figures, indicators, who reports, and every record."""
    return {
        Figure(group, subject, name): text(value)
        for group, figures in (
            ("总体", _key_figures(assessed)),
            ("指标", _indicator_figures(assessed)),
            ("单位", _unit_figures(assessed)),
            ("填报记录", _record_figures(assessed)),
        )
        for subject, name, value in figures
    }


_Named = Iterator[tuple[str, str, str]]


def _key_figures(assessed: Standing | City) -> _Named:
    expected, reported = _reporting(assessed)
    yield "", "统计日期", assessed.as_of.isoformat()
    yield "", "应报", str(expected)
    yield "", "已报", str(reported)
    yield "", "填报率", f"{assessed.completeness:.2%}"
    yield "", "达标率", "—" if assessed.met_share is None else f"{assessed.met_share:.2%}"
    if isinstance(assessed, Standing):
        yield "", "及时率", f"{assessed.timeliness:.2%}"
    yield from (("", status.value, str(assessed.statuses[status])) for status in Status)


def _reporting(assessed: Standing | City) -> tuple[int, int]:
    if isinstance(assessed, City):
        return len(assessed.expected), len(assessed.districts)
    return len(assessed.units), len(assessed.reported)


def _indicator_figures(assessed: Assessed) -> _Named:
    for total in assessed.indicators:
        name = f"{total.indicator.code} {total.indicator.text}"
        yield name, "目标", total.indicator.target.text(total.indicator.measure)
        yield name, "值", _value(total)
        yield name, "状态", total.status.value
        yield from ((name, f"{s}单位", str(total.counts[s])) for s in Status)


def _value(total: IndicatorTotal) -> str:
    if total.numerator is None or total.denominator is None:
        return total.shown_value
    return f"{total.shown_value}（{total.numerator:g} ÷ {total.denominator:g}）"


def _unit_figures(assessed: Standing | City) -> _Named:
    if isinstance(assessed, City):
        for district in assessed.districts:
            counts = district.statuses
            yield from ((district.unit.name, s.value, str(counts[s])) for s in Status)
        return
    for total in assessed.unit_totals:
        score = "—" if total.score is None else f"{total.score:.2f}"
        yield total.unit.name, "得分", score
        yield from ((total.unit.name, s.value, str(total.counts[s])) for s in Status)


def _record_figures(assessed: Standing | City) -> _Named:
    for item in assessed.assessments:
        # many districts have a unit of the same name
        unit = item.unit.code if isinstance(assessed, City) else item.unit.name
        subject = f"{unit} {item.indicator.code}"
        for field, cell in zip(ENTRY_FIELDS, item.record.entries(), strict=True):
            yield subject, ENTRY_LABELS[field], text(cell)
        yield subject, "状态", item.status.value
