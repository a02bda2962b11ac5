"""Make docs/grammar.md from the grammar itself: `python docs/make_grammar.py`."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from xl_fzzf.model.dates import FIRST_YEAR, LAST_YEAR, parse_date
from xl_fzzf.model.grammar import (
    CHOICES,
    MOST_DIGITS,
    NONE_WORDS,
    Reading,
    Refusal,
    parse_choice,
    parse_number,
    parse_percent,
)
from xl_fzzf.model.record import text

PAGE = Path(__file__).parent / "grammar.md"
PERIOD_END = date(2019, 9, 30)
NUMBERS = {
    "次": (
        *("3", "３", " 3\u3000", "3次", "３ 次", "1,234", "１\uff0c２３４", "1 234", "1.2万", "3千次", "-3"),
        *("12 34", "1,23", "1.234,5", "3人", "约3次", "3次左右", ">3", "3-5", "3至5次", "九", "二十次"),
        *("95%", "¥1,200", "1e5", "1_000", "nan", "٩", "③", "O", "1O", "0012", "511304199001011234", "3+2"),
    ),
    "元": ("1200元", "1.2万元", "3亿"),
    "万元": ("120万元", "120", "120万", "1200000元"),
}  # fmt: skip
PERCENTS = ("95%", "９５％", "95 %", "150%", "95", "0.95", "1", "约95%", "90-95%", "百分之九十五")
DATES = (
    *("2019-12-20", "2019.12.20", "2019/12/20", "20191220", "2019年12月20日", "2019年12月20号"),
    *(
        "２０１９年１２月２０日",
        "二〇一九年十二月二十日",
        "12月20日",
        "9月9日",
        "19-9-9",
        "03/04/2019",
    ),
    *("2019年12月", "2019-02-30", "9999-12-31", "年底", "43717"),
)
HEAD = f"""# 填写的写法

<!-- 由 python docs/make_grammar.py 生成,不要手改 -->

单位交回的填报表,数字、比率、日期、选项有时填成了文字。认得准的,汇总时改成规范的值,原文写在“校验结果”里
(说明,规则 `normalised`);认不准的一律不猜,原样留着,算有误。

- 空白、0、“无”一类的字、“不适用”是不同的意思,互不代替。
- 只看不见的字符(各种空格、零宽字符、单独一个撇号)按空白处理。
- 数字最多 {MOST_DIGITS} 位,再长表格存不准。
- 汇总单位直接填在台账里的,不改写;是文字的,状态是“有误”,请改成数字。
- 填报表自己的“状态”列不认文字:汇总后认了的值,填报表里仍可能显示“有误”,以退回的副本为准。
"""


def build_page() -> str:
    """The whole page."""
    parts = [HEAD]
    for measure, typed in NUMBERS.items():
        note = f"计量单位是“{measure}”的指标。" + (
            "只认这个单位,不在单位之间换算;单位里已有“万”的,不再认“万”。"
            if measure == "万元"
            else ""
        )
        parts += [f"## 数字:{measure}", note, _table(typed, _measured(measure))]
    rates = "比率的“完成值”由分子、分母算出;改填的,要与算出的一致。分子、分母是数量,不填百分数,也不带单位。"
    parts += ["## 百分数", rates, _table(PERCENTS, parse_percent)]
    dates = (
        f"整改时限,{FIRST_YEAR} 至 {LAST_YEAR} 年。没有写年份的,只有在报告期({PERIOD_END} 止)"
        "当年、报告期以后的,才补上年份。"
        "“设置”的报送截止、“指标”的完成期限和命令里的日期（`--as-of 2019/9/30`）也这样读，年份要写全。"
    )
    parts += ["## 日期", dates, _table(DATES, lambda typed: parse_date(typed, PERIOD_END))]
    choices = "不分大小写。方框里打叉(☒)、1、0、有、没有等,不认。"
    parts += ["## 选项", choices, _table(CHOICES, parse_choice)]
    none = "这些字不算 0、不算不适用,也不算空白,填在要填值的格里是错误(规则 `none-word`):"
    words = "、".join(f"`{word}`" for word in sorted(NONE_WORDS))
    parts += [
        "## “无”一类的字",
        f"{none}{words}。",
        "一次也没有的填 0 或“否”,没有这类事项的填“不适用”并写明理由。",
    ]
    return "\n\n".join(part.strip("\n") for part in parts) + "\n"


def _measured(measure: str) -> Callable[[str], Reading | Refusal]:
    return lambda typed: parse_number(typed, measure)


def _table(typed: Iterable[str], parse: Callable[[str], Reading | Refusal]) -> str:
    lines = [_line(word, parse(word)) for word in typed]
    return "\n".join(["| 填的 | 认作 | 怎样认的,或为什么不认 |", "|---|---|---|", *lines])


def _line(typed: str, result: Reading | Refusal) -> str:
    word = typed.replace("\u3000", "(全角空格)").replace("|", chr(92) + "|")
    if isinstance(result, Refusal):
        return f"| `{word}` | **错误** | {result.reason} |"
    return f"| `{word}` | {text(result.value)} | {'、'.join(result.steps) or '原样'} |"


if __name__ == "__main__":
    PAGE.write_text(build_page(), encoding="utf-8", newline="\n")
