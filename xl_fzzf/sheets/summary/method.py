"""How a summary was made, in words: enough for an auditor to do it again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from xl_fzzf.model.assessment import SOON
from xl_fzzf.model.city import City, District
from xl_fzzf.model.edition import Edition
from xl_fzzf.model.round import Standing
from xl_fzzf.model.status import Status
from xl_fzzf.sheets import spec as layout
from xl_fzzf.sheets.summary.phrases import say_date, say_edition

_EDITED = "本期的改动"
SHOWN = 12
"""As many digits of a fingerprint are for people."""

COMPLETENESS = ("填报率", "已填的事项 ÷ 应填的事项；一项 = 一个单位的一个指标")
MET_AND_UNMET = (
    ("达标率", "达标的事项 ÷ 应填中除不适用以外的事项；待填、有误的也在分母里"),
    ("推进中和未达标", "都没有达到目标；完成期限未到的是推进中，已过的是未达标"),
    (
        "指标的状态",
        "应填的单位都填了、没有有误的，并且比率、分值和同上年比的金额合起来达到目标（其余指标每个单位都达标），"
        "才算达标；否则期限未到的是推进中，已过的是未达标；没有一个单位填的是待填。说明里的“已报 3/4”是 4 个单位中已填 3 个",
    ),
)
"""What the shares are, of a district as of a city."""

SCORING = (
    "得分 = Σ（权重 × 完成度） ÷ Σ适用指标的权重 × 100。完成度：达标为 1，有数值下限的按达到下限的比例，"
    "要求“等于”的多了和少了一样扣（= 2，填 3 的为 0.5），其余为 0；不适用的不计，待填、有误的按 0。各领域列为该领域的完成度。同分同名次。"
)


def say_method(standing: Standing) -> list[tuple[str, str]]:
    """How the district's figures came about: a subject, and the words on it."""
    counts, settings = standing.statuses, standing.round.settings
    lines = [
        ("工作方案", standing.round.plan.name),
        ("报告期", f"{settings.period.label}（{settings.period}），各项数字从年初累计到报告期末"),
        ("统计日期", f"{say_date(standing.as_of)}，各项状态按这一天判定"),
        ("报送截止", f"{say_date(settings.deadline)}，以后收到的算逾期"),
        COMPLETENESS,
        ("及时率", "按时报送的单位 ÷ 应报单位"),
        *MET_AND_UNMET,
        (
            "汇总值",
            "计数、金额相加；比率为 Σ分子 ÷ Σ分母；是否为填“是”的单位占比；分值为各单位平均",
        ),
        (
            "没有计入的",
            f"待填 {counts[Status.MISSING]} 项、有误 {counts[Status.INVALID]} 项不计入汇总值；"
            f"不适用 {counts[Status.NOT_APPLICABLE]} 项不计入达标率",
        ),
        ("考核得分", SCORING),
        (
            "三色预警",
            f"未达标的按整改时限：已过期或没有写明为红，{SOON} 天以内为黄，{SOON} 天以上为蓝",
        ),
        ("上期和趋势", _say_history(standing)),
    ]
    lines.extend(_say_edition(standing.edition))
    if standing.sha256:
        lines.append(
            ("取自", f"{standing.master}，文件指纹（SHA-256）以 {standing.sha256[:SHOWN]} 开头")
        )
    lines.extend((_EDITED, words) for words in standing.edited)
    lines.extend(("报送档案", notice) for notice in standing.notices)
    return lines


def _say_edition(edition: Edition) -> Iterator[tuple[str, str]]:
    """Which edition it is, and why it corrects the one before."""
    yield "版次", say_edition(edition)
    if edition.number > 1:
        yield "更正", f"原因：{edition.reason}；改了的数字列在“{layout.CORRECTIONS}”"


def _say_history(standing: Standing) -> str:
    if not standing.history:
        return "档案里没有以前的报告期，不作比较"
    periods = "、".join(str(past.period) for past in standing.history)
    words = f"以前各期（{periods}）取自各期台账，按各期自己的目标、最后一次汇总的统计日期判定"
    if standing.before is None:
        words += "；上一期不在同一年，累计数重新起算，不作比较"
    return words


def say_account(standing: Standing) -> str:
    """Where the entries of the files that count went."""
    account = standing.account
    return (
        f"采用的填报表共读到填报内容 {account.read} 项，其中采用 {account.recorded} 项，"
        f"有问题没有采用 {account.found} 项，说明等不计入的 {account.ignored} 项。"
    )


def say_city_method(city: City) -> list[tuple[str, str]]:
    """How the city's figures came about."""
    return list(_city_method(city))


def _city_method(city: City) -> Iterator[tuple[str, str]]:
    plan, settings, counts = city.round.plan, city.round.settings, city.statuses
    missing = "、".join(unit.name for unit in city.missing) or "没有"
    yield "工作方案", plan.name
    yield "报告期", f"{city.period.label}（{city.period}），各项数字从年初累计到报告期末"
    yield "统计日期", f"{say_date(city.as_of)}，全市各项状态都按这一天、按市里的目标和期限判定"
    yield "区县的统计日期", _say_days(city)
    yield "报送截止", f"{say_date(settings.deadline)}，以后收到的算逾期"
    yield (
        "市级值",
        "由各区县“数据”的逐条记录重新计算，不取区县“指标汇总”的数：计数、金额相加；比率为 Σ分子 ÷ Σ分母；"
        "是否为填“是”的单位占比；分值为各单位平均",
    )
    yield COMPLETENESS
    yield from MET_AND_UNMET
    yield (
        "与区县核对",
        "每份汇总表的“指标汇总”“报送情况”和每条记录的状态、比率，都用它自己的“数据”重新算过；"
        f"对不上的 {sum(d.errors for d in city.districts)} 处列在“校验结果”，市里按“数据”计算",
    )
    yield (
        "没有计入的",
        f"没有可用汇总表的区县：{missing}；{_say_excluded(city.districts)}；"
        f"待填 {counts[Status.MISSING]} 项、有误 {counts[Status.INVALID]} 项不计入市级值；"
        f"不适用 {counts[Status.NOT_APPLICABLE]} 项不计入达标率",
    )
    yield from ((_EDITED, words) for words in city.edited)
    yield from _say_edition(city.edition)
    if city.sha256:
        yield "目标取自", f"{city.master}，文件指纹（SHA-256）以 {city.sha256[:SHOWN]} 开头"


def _say_days(city: City) -> str:
    days = {d.unit.name: say_date(d.as_of) if d.as_of else "没有写" for d in city.districts}
    if len(set(days.values())) < 2:
        return next(iter(days.values()), "没有")
    names = "、".join(f"{name} {day}" for name, day in days.items())
    return f"各区县不一致：{names}；都按市里的统计日期重新判定"


def _say_excluded(districts: Sequence[District]) -> str:
    rows = [f"{d.unit.name} {d.excluded} 行" for d in districts if d.excluded]
    if not rows:
        return "各区县“数据”的记录全部计入"
    return f"编号或内容与市里的方案不同、或重复的记录：{'、'.join(rows)}"
