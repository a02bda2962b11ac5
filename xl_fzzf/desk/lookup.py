"""Look up the unit or the indicator that somebody typed; where there is none, say what is near."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches

from xl_fzzf.desk.errors import JobError
from xl_fzzf.model.plan import Indicator, Plan, Unit, fold

_MOST_MATCHES, _LIKENESS = 5, 0.3


def find_unit(plan: Plan, typed: str) -> Unit:
    """The unit of that name, alias or code; raises JobError."""
    if found := plan.find_unit(typed):
        return found
    also = _is_it(_near_units(plan, typed)) or "。名称见台账的“单位”"
    raise JobError(f"单位名录里没有“{typed}”{also}。请写全称、别名或编号")


def find_indicator(plan: Plan, typed: str) -> Indicator:
    """The indicator of that code; raises JobError."""
    if found := plan.indicators.get(fold(typed)):
        return found
    also = _is_it(_near_indicators(plan, typed))
    raise JobError(f"没有编号为“{typed}”的指标{also}。编号见台账的“指标”")


def find_subject(plan: Plan, typed: str) -> Unit | Indicator:
    """The unit of that name, alias or code, or the indicator of that code; raises JobError."""
    if found := plan.find_unit(typed) or plan.indicators.get(fold(typed)):
        return found
    also = _is_it([*_near_units(plan, typed), *_near_indicators(plan, typed)])
    raise JobError(
        f"没有叫“{typed}”的单位，也没有这个编号的指标{also}。请写单位全称、别名、编号或指标编号"
    )


def _is_it(near: Sequence[str]) -> str:
    return f"。是不是：{'、'.join(near)}" if near else ""


def _near_units(plan: Plan, typed: str) -> list[str]:
    """The names of units whose name, an alias or code is near to what was typed."""
    owner = {name: u.name for u in plan.units for name in (u.name, *u.aliases, u.code)}
    parts = [name for name in owner if fold(typed) and fold(typed) in name]
    alike = get_close_matches(typed, owner, _MOST_MATCHES, _LIKENESS)
    return list(dict.fromkeys(owner[name] for name in (*parts, *alike)))[:_MOST_MATCHES]


def _near_indicators(plan: Plan, typed: str) -> list[str]:
    """The indicators whose words, or else codes, are near to what was typed."""
    by_text = {item.text: item.code for item in plan.indicators.values()}
    like = get_close_matches(typed, by_text, _MOST_MATCHES, _LIKENESS)
    like += [text for text in by_text if fold(typed) in text and text not in like]
    near = [f"{by_text[text]}（{text}）" for text in like[:_MOST_MATCHES]]
    return near or get_close_matches(typed, plan.indicators, _MOST_MATCHES, _LIKENESS)
