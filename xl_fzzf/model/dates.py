"""The grammar of typed dates (整改时限): which texts name one day, and why others don't."""

from __future__ import annotations

import re
from datetime import date

from xl_fzzf.model.grammar import Reading, Refusal, Step, plain_text

FIRST_YEAR, LAST_YEAR = 2000, 2099
"""The years that a typed date may name."""

_NO_PERIOD = date(LAST_YEAR, 12, 31)
"""No day comes after the end of this one, so that none is taken without its year."""

_NUMERAL = dict(zip("〇零○一二三四五六七八九", (0, 0, 0, *range(1, 10)), strict=True))
_DAY_NUMERALS = {
    f"{tens}{ones}": 10 * number + units
    for tens, number in (("", 0), ("十", 1), ("二十", 2), ("三十", 3))
    for ones, units in (("", 0), *((sign, n) for sign, n in _NUMERAL.items() if n))
    if number or units
}
_DATES = (
    re.compile(
        r"(?P<year>[0-9]{4})(?P<sign>[-./])(?P<month>[0-9]{1,2})(?P=sign)(?P<day>[0-9]{1,2})"
    ),
    re.compile(r"(?P<year>[0-9]{4})年(?P<month>[0-9]{1,2})月(?P<day>[0-9]{1,2})[日号]"),
    re.compile(r"(?P<year>[0-9]{4})(?P<month>[0-9]{2})(?P<day>[0-9]{2})"),
    re.compile(r"(?P<year>)(?P<month>[0-9]{1,2})月(?P<day>[0-9]{1,2})[日号]"),
)
_CHINESE_DATE = re.compile(
    rf"(?:(?P<year>[{''.join(_NUMERAL)}]{{4}})年)?(?P<month>[一二三四五六七八九十]{{1,2}})月"
    r"(?P<day>[一二三四五六七八九十]{1,3})[日号]"
)
_UNDATED = (
    (re.compile(r"[0-9]{1,2}([-./])[0-9]{1,2}\1[0-9]{4}"), "分不清哪个是月、哪个是日"),
    (re.compile(r"[0-9]{2}([-./年])[0-9]{1,2}[-./月][0-9]{1,2}日?"), "年份要写四位"),
    (re.compile(r"[0-9]{4}[-./年][0-9]{1,2}月?"), "没有写到哪一日"),
)


def parse_date(text: str, period_end: date) -> Reading | Refusal:
    """A day: 2019-9-9, 2019.9.9, 2019/9/9, 20190909, 2019年9月9日, 二〇一九年九月九日.

    9月9日 or 九月九日 is taken only where it lies in the period's year after the period's end: else the year is unsure.
    """
    plain, steps = plain_text(text)
    if "月" in plain:
        plain = plain.replace(" ", "")
    if match := _CHINESE_DATE.fullmatch(plain):
        year = "".join(str(_NUMERAL[sign]) for sign in match["year"] or "")
        months, days = (_DAY_NUMERALS.get(match[name], 0) for name in ("month", "day"))
        steps.append(Step.NUMERALS)
        if not year:
            return _day_without_year(months, days, steps, period_end)
        return _day(int(year), months, days, steps)
    for pattern in _DATES:
        if match := pattern.fullmatch(plain):
            month, day = int(match["month"]), int(match["day"])
            if match["year"]:
                return _day(int(match["year"]), month, day, steps)
            return _day_without_year(month, day, steps, period_end)
    reasons = (reason for pattern, reason in _UNDATED if pattern.fullmatch(plain))
    return Refusal(next(reasons, "现在不是日期"))


def parse_day(text: str) -> date | Refusal:
    """A day that stands by itself, in 设置, a plan or a command: as above, its year written."""
    reading = parse_date(text, _NO_PERIOD)
    if isinstance(reading, Refusal):
        return reading
    assert isinstance(reading.value, date)
    return reading.value


def _day(year: int, month: int, day: int, steps: list[Step]) -> Reading | Refusal:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return Refusal(f"年份 {year} 不像")
    try:
        return Reading(date(year, month, day), (*steps, Step.DATE))
    except ValueError:
        return Refusal("没有这一天")


def _day_without_year(
    month: int, day: int, steps: list[Step], period_end: date
) -> Reading | Refusal:
    reading = _day(period_end.year, month, day, [*steps, Step.YEAR])
    if isinstance(reading, Reading) and date(period_end.year, month, day) <= period_end:
        return Refusal("没有写年份，分不清是哪一年")
    return reading
