"""Kinds of indicators (类型): what each asks for, how it is judged, compared and rolled up, in one table."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum, StrEnum

from xl_fzzf.model.record import ENTRY_FIELDS, NO, NOT_APPLICABLE, YES
from xl_fzzf.model.target import Op, Target, parse_target

BROKEN = "单元格里的公式出错了，请直接填文字"
"""What to do about an entry whose formula failed."""


class RollUp(Enum):
    """How the units' answers make the district's value."""

    SHARE = "the share of 是 among the units that answered"
    SUM = "Σ value"
    RATIO = "Σ numerator / Σ denominator"
    MEAN = "the mean of the values"
    NONE = "not at all"


@dataclass(frozen=True, slots=True)
class Traits:
    """What a kind of indicator is; everything that depends on a kind asks for one of these.

    `answers` are the entries that answer it, the size of its value last; they are numbers (`whole`
    ones), unless it is a choice or a text. `last_year` says that 分母 holds last year's value. `most` is
    the largest number that is believable. `wanted` says what to fill in, `advice` what to do about an
    invalid answer, `total` what the district's value is.
    """

    value: str
    label: str
    answers: tuple[str, ...]
    rolls_up: RollUp
    wanted: str
    advice: str
    total: str
    most: float = 9_999_999_999.0
    whole: bool = False
    last_year: bool = False


class Kind(StrEnum):
    """What an indicator asks for."""

    traits: Traits

    def __new__(cls, traits: Traits) -> Kind:
        """A kind, which is the text that plans and JSON name it by."""
        member = str.__new__(cls, traits.value)
        member._value_ = traits.value
        member.traits = traits
        return member

    # Above `most` a number is something else typed by mistake: in a count a date (Excel's day numbers
    # since 2009 are larger), in a rate a date written as 20190930, in an amount a telephone or identity
    # number.
    YES_NO = Traits(
        "yes_no",
        label="是否",
        answers=("value",),
        rolls_up=RollUp.SHARE,
        wanted=f"{YES}、{NO}、{NOT_APPLICABLE}",
        advice="请选 是、否 或 不适用",
        total=f"填“{YES}”的单位占比",
    )
    COUNT = Traits(
        "count",
        label="计数",
        answers=("value",),
        whole=True,
        rolls_up=RollUp.SUM,
        wanted="整数",
        advice="请填不小于 0 的整数；没有这类事项填“不适用”",
        total="各单位合计；是否达标逐个单位看",
        most=39_999.0,
    )
    RATE = Traits(
        "rate",
        label="比率",
        answers=("numerator", "denominator"),
        rolls_up=RollUp.RATIO,
        wanted="分子和分母（数字）",
        advice="请填数字，分子不能大于分母；没有这类事项填“不适用”",
        total="Σ分子÷Σ分母",
        most=9_999_999.0,
    )
    SCORE = Traits(
        "score",
        label="分值",
        answers=("denominator", "value"),
        rolls_up=RollUp.MEAN,
        wanted="本年和上年的分值",
        advice="请填本年和上年的分值（数字）",
        total="各单位平均；分母为上年合计，比上年平均",
        most=1_000.0,
        last_year=True,
    )
    AMOUNT = Traits(
        "amount",
        label="金额",
        answers=("denominator", "value"),
        rolls_up=RollUp.SUM,
        wanted="本年和上年的金额",
        advice="请填本年和上年的金额（数字）",
        total="各单位合计；分母为上年合计，比上年",
        last_year=True,
    )
    TEXT = Traits(
        "text",
        label="文字",
        answers=("narrative",),
        rolls_up=RollUp.NONE,
        wanted="文字说明",
        advice="请直接填文字，写明做了什么；没有这类事项的写“不适用”和理由",
        total="文字说明，不汇总",
    )

    @property
    def label(self) -> str:
        """The word that staff read."""
        return self.traits.label

    @property
    def answers(self) -> tuple[str, ...]:
        """The entries that answer it; a blank one makes the record 待填."""
        return self.traits.answers

    @property
    def own_answers(self) -> tuple[str, ...]:
        """Its answers without last year's value, which may stand in a return when it is sent out."""
        return tuple(f for f in self.answers if not (self.has_last_year and f == "denominator"))

    @property
    def values(self) -> tuple[str, ...]:
        """Of its answers those that are a number or a choice; the cells of the others are not used."""
        return () if self.is_text else self.answers

    @property
    def numbers(self) -> tuple[str, ...]:
        """The entries that must hold a number."""
        return () if self.is_choice else self.values

    @property
    def size(self) -> str:
        """The entry that units of one kind have alike: a count, a score, a rate's 分母; else empty."""
        return next(reversed(self.numbers), "")

    @property
    def rolls_up(self) -> RollUp:
        """How the units' answers make the district's value."""
        return self.traits.rolls_up

    @property
    def addends(self) -> tuple[str, ...]:
        """The entries whose sums over the units make the district's value, if it is made of sums."""
        if self.is_ratio:
            return self.numbers
        return ("value",) if self.adds_up else ()

    @property
    def computed(self) -> tuple[str, ...]:
        """The entries that are no entries but the tool's own formulas."""
        return ("value",) if self.is_ratio else ()

    @property
    def told(self) -> tuple[str, ...]:
        """The entries by which a unit tells something of the period: not last year's value."""
        given = {"denominator"} if self.has_last_year else set()
        return tuple(field for field in ENTRY_FIELDS if field not in given)

    @property
    def is_choice(self) -> bool:
        """Whether 完成值 is chosen from 是, 否 and 不适用."""
        return self.rolls_up is RollUp.SHARE

    @property
    def is_text(self) -> bool:
        """Whether the answer is what 完成情况 says."""
        return "narrative" in self.answers

    @property
    def is_whole(self) -> bool:
        """Whether its numbers are whole."""
        return self.traits.whole

    @property
    def is_ratio(self) -> bool:
        """Whether 完成值 is no entry but 分子 / 分母, shown as a percentage."""
        return self.rolls_up is RollUp.RATIO

    @property
    def default_target(self) -> Target:
        """The target of an indicator that states none: a yes, or simply an answer."""
        return Target(Op.YES if self.is_choice else Op.FILLED)

    @property
    def has_last_year(self) -> bool:
        """Whether 分母 holds last year's value, so that a target may ask for more than that."""
        return self.traits.last_year

    @property
    def adds_up(self) -> bool:
        """Whether values add up, over the units and from the year's first day on."""
        return self.rolls_up is RollUp.SUM

    @property
    def is_share(self) -> bool:
        """Whether the district's value is a fraction, shown as a percentage."""
        return self.rolls_up in (RollUp.RATIO, RollUp.SHARE)


KIND_OF_LABEL = {kind.label: kind for kind in Kind}


def read_kind(text: str) -> Kind:
    """The kind of that value; raises ValueError that lists them."""
    found = next((kind for kind in Kind if kind.value == text), None)
    if found is None:
        wanted = "、".join(f"{kind.value}（{kind.label}）" for kind in Kind)
        raise ValueError(f"指标类型“{text}”不对，可用：{wanted}")
    return found


def read_kind_on_sheet(text: str) -> Kind:
    """The same where staff choose among the labels."""
    try:
        return read_kind(text)
    except ValueError:
        words = f"“{text}”不对" if text else "没有填"
        raise ValueError(f"{words}，可填：{'、'.join(KIND_OF_LABEL)}") from None


def read_target(text: str, measure: str, kind: Kind) -> Target:
    """A target as written, if an indicator of this kind can have it; raises ValueError."""
    target = parse_target(text, measure)
    if target.op is Op.FILLED:
        return kind.default_target
    if kind.is_choice or kind.is_text:
        if target != kind.default_target:
            raise ValueError(f"“{kind.label}”类指标不能设目标“{text}”")
    elif target.op is Op.YES:
        raise ValueError(f"目标“是”只能用于{_labels(k for k in Kind if k.is_choice)}类指标")
    elif target.against_last_year and not kind.has_last_year:
        raise ValueError(f"目标“{text}”只能用于{_labels(k for k in Kind if k.has_last_year)}类指标")
    elif kind.is_ratio and not target.percent:
        raise ValueError(f"比率的目标要带百分号，例如 ≥ 95%，现在是“{text}”")
    elif target.percent and not kind.is_ratio:
        raise ValueError(
            f"只有{_labels(k for k in Kind if k.is_ratio)}类指标的目标才带百分号，现在是“{text}”"
        )
    return target


def _labels(kinds: Iterable[Kind]) -> str:
    return "".join(f"“{kind.label}”" for kind in kinds)
