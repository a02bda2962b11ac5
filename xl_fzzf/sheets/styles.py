"""What cells look like: the named styles (swatches), the status colours, and the print set-up.

Fonts are those of a Chinese office; where they are missing the system's own Chinese font steps in.
"""

from __future__ import annotations

from typing import Any

from xl_fzzf.model.assessment import Alert
from xl_fzzf.model.finding import ACCEPTED
from xl_fzzf.model.status import Status

Style = dict[str, Any]

BODY, HEADING, TITLE = "仿宋", "黑体", "方正小标宋简体"
INK, NAVY, LINE, YELLOW, GREY = "#1F2328", "#1F4E79", "#BFBFBF", "#FFF7D6", "#E4E4E4"

MEASURE: Style = {"font_name": "Arial", "font_size": 11, "font_scheme": "none"}
"""The font in whose digits columns are measured: fonts of its widths are wherever Excel, WPS or
LibreOffice is, which holds neither for Calibri nor for Chinese fonts. No cell of ours is written in it."""

FAINT, PALE, WHITE = "#595959", "#EAF1F8", "#FFFFFF"
LINK: Style = {"font_color": "#0563C1", "underline": 1}

_HEAD: Style = {"font_name": HEADING, "font_color": NAVY}
_INVERSE: Style = {"font_name": HEADING, "font_color": WHITE, "bg_color": NAVY}
_LABEL: Style = {"font_name": HEADING, "bg_color": PALE}
_PLAIN: Style = {"font_name": BODY, "font_size": 11, "font_color": INK, "valign": "vcenter"}
_TITLE: Style = {**_PLAIN, "font_name": TITLE, "font_size": 20, "font_color": NAVY}
_CELL: Style = {**_PLAIN, "border": 1, "border_color": LINE, "text_wrap": True}
_CENTER: Style = {**_CELL, "align": "center"}
_FIGURE: Style = {**_CENTER, **_HEAD, "font_size": 18}
_ENTRY: Style = {**_CELL, "bg_color": YELLOW, "locked": False}
_ENTRY_CENTER: Style = {**_ENTRY, "align": "center"}
_DATE, _PERCENT = "yyyy-mm-dd", "0.0%"

STYLES: dict[str, Style] = {
    "plain": _PLAIN,
    "text": _CELL,
    "center": _CENTER,
    "bold": {**_CELL, "bold": True},
    "percent": {**_CENTER, "num_format": "0.0#%"},
    "date": {**_CENTER, "num_format": _DATE},
    "asked": {**_CELL, "valign": "top"},
    "entry_text": {**_ENTRY, "valign": "top"},
    "entry_choice": _ENTRY_CENTER,
    "entry_number": {**_ENTRY_CENTER, "num_format": "General"},
    "entry_date": {**_ENTRY_CENTER, "num_format": _DATE, "text_wrap": False, "shrink": True},
    "unused": {**_CENTER, "bg_color": GREY},
    "status": {**_CENTER, "font_name": HEADING},
    "hint": {**_CELL, "font_color": "#9C0006", "valign": "top"},
    "readiness": {**_PLAIN, **_HEAD, "font_size": 13, "font_color": "#9C0006"},
    "link": {**_CELL, **LINK},
    "back": {**_PLAIN, **LINK},
    "title": _TITLE,
    "subtitle": {**_PLAIN, "font_color": FAINT},
    "signed": {**_PLAIN, "font_name": HEADING, "font_color": "#C00000"},
    "section": {**_PLAIN, **_HEAD, "font_size": 13, "bottom": 2, "bottom_color": NAVY},
    "header": {**_CENTER, **_INVERSE},
    "label": {**_CENTER, **_LABEL},
    "figure": _FIGURE,
    "figure_percent": {**_FIGURE, "num_format": _PERCENT},
    "share": {**_CENTER, "num_format": "0%"},
    "role": _CENTER,
}
"""Every style by name; a workbook that is edited in place carries them as swatches."""

_COVER: Style = {**_PLAIN, "font_size": 16}
_SEAL: Style = {**_COVER, "align": "center", "font_color": FAINT, "left": 3, "right": 3}
_SERIF: Style = {"font_family": 1, "font_charset": 134}
"""Where a font is missing, a program takes a Chinese one with serifs by these."""

_FRAMED: Style = {**_PLAIN, "border": 1, "border_color": LINE}
_MIDDLE: Style = {**_FRAMED, "align": "center"}
_CARD: Style = {**_MIDDLE, **_HEAD, "font_size": 22}
_TOTAL: Style = {**_MIDDLE, **_LABEL}
_TINY: Style = {**_MIDDLE, "font_size": 9}
_UPRIGHT: Style = {**_TINY, **_LABEL, "rotation": 90}
_BAND: Style = {"font_name": HEADING, "font_size": 9, "bg_color": "#D6E4F0", "top": 1, "bottom": 1}
_AREA_START: Style = {"left": 2, "left_color": NAVY}

SUMMARY_STYLES: dict[str, Style] = {
    "assigned": {**_PLAIN, "align": "center", "text_wrap": True},
    "cover_title": {
        **_COVER,
        **_SERIF,
        "font_name": TITLE,
        "font_size": 26,
        "align": "center",
        "text_wrap": True,
    },
    "cover_period": {**_COVER, "font_name": "楷体", "align": "center", "font_size": 18},
    "cover_label": {**_COVER, "font_name": HEADING, "align": "center"},
    "cover_value": {**_COVER, "bottom": 1, "indent": 1, "shrink": True},
    "cover_signature": {**_COVER, "bottom": 1},
    "cover_seal_top": {**_SEAL, "top": 3, "font_color": INK},
    "cover_seal": _SEAL,
    "cover_seal_bottom": {**_SEAL, "bottom": 3, "font_color": INK},
    "cover_link": {**_COVER, **LINK, "font_size": 12},
    "cover_note": {**_PLAIN, "font_size": 12, "font_color": FAINT},
    "page_title": {**_TITLE, **_SERIF, "align": "center"},
    "page_facts": {**_PLAIN, "font_color": FAINT, "align": "center"},
    "sentence": {**_PLAIN, "font_size": 12, "text_wrap": True, "valign": "top"},
    "note": {**_PLAIN, "font_color": FAINT, "text_wrap": True},
    "card_label": {**_MIDDLE, **_LABEL, "font_size": 12},
    "card_figure": _CARD,
    "card_below": {**_MIDDLE, "text_wrap": True},
    "card_share": {**_CARD, "num_format": _PERCENT},
    "name": {**_FRAMED, "text_wrap": True},
    "narrow_header": {**_MIDDLE, **_INVERSE, "text_wrap": True},
    "count": {**_MIDDLE, "num_format": "0"},
    "points": {**_MIDDLE, "num_format": "0.00"},
    "one_share": {**_MIDDLE, "num_format": _PERCENT},
    "total": _TOTAL,
    "total_share": {**_TOTAL, "num_format": _PERCENT},
    "matrix_unit": {**_FRAMED, "font_size": 9},
    "matrix_word": _TINY,
    "matrix_first": {**_TINY, **_AREA_START},
    "matrix_share": {**_TINY, **_AREA_START, "num_format": _PERCENT},
    "matrix_area": {**_TINY, **_INVERSE, "border_color": WHITE, "text_wrap": True},
    "matrix_code": _UPRIGHT,
    "matrix_kind": {**_PLAIN, **_BAND},
    "matrix_kind_share": {**_PLAIN, **_BAND, "align": "center", "num_format": _PERCENT},
    "matrix_total": _UPRIGHT,
}
"""Styles of summaries, and of cells that nothing is written into in place: these are no swatches."""

STATUS_STYLES: dict[Status, Style] = {
    Status.MET: {"bg_color": "#C6EFCE", "font_color": "#00511B"},
    Status.UNDER_WAY: {"bg_color": "#DDEBF7", "font_color": "#1F4E79"},
    Status.UNMET: {"bg_color": "#F8B4B4", "font_color": "#7A0006", "bold": True},
    Status.MISSING: {"bg_color": "#FFE699", "font_color": "#665000"},
    Status.INVALID: {"bg_color": "#7A0006", "font_color": "#FFFFFF", "bold": True},
    Status.NOT_APPLICABLE: {"bg_color": "#EDEDED", "font_color": "#595959", "italic": True},
}
"""The conditional formats of the 状态 column; the word always stands in the cell."""

ALERT_STYLES: dict[Alert, Style] = {
    Alert.RED: {"bg_color": "#A61B1B", "font_color": "#FFFFFF", "bold": True},
    Alert.YELLOW: {"bg_color": "#FFE699", "font_color": "#4D3C00", "bold": True},
    Alert.BLUE: {"bg_color": "#DDEBF7", "font_color": "#1F4E79"},
}
"""The conditional formats of 预警; the colour's name stands in the cell."""

ROLE_STYLES: dict[str, Style] = {
    "牵头": {"bg_color": NAVY, "font_color": "#FFFFFF", "bold": True},
    "责任": {"bg_color": "#DDEBF7", "font_color": INK},
    "可选": {"bg_color": "#F2F2F2", "font_color": FAINT, "italic": True},
}

SEVERITY_STYLES: dict[str, Style] = {
    "错误": STATUS_STYLES[Status.UNMET],
    "提醒": STATUS_STYLES[Status.MISSING],
    "说明": STATUS_STYLES[Status.UNDER_WAY],
    ACCEPTED: STATUS_STYLES[Status.NOT_APPLICABLE],
}

VERDICT_STYLES: dict[str, Style] = {
    "已采用": STATUS_STYLES[Status.MET],
    "已隔离": STATUS_STYLES[Status.UNMET],
    **dict.fromkeys(("被替代", "重复", "不采用", "已忽略"), STATUS_STYLES[Status.NOT_APPLICABLE]),
}

SHARE_SCALE: Style = {
    "type": "2_color_scale",
    "min_type": "num",
    "min_value": 0,
    "max_type": "num",
    "max_value": 1,
    "min_color": "#D9822B",
    "max_color": "#FFFAF3",
}
"""The conditional format of shares from 0 to 1: one hue, the lower the darker, in grey as well; the
number always stands in the cell."""


def bar(most: float) -> Style:
    """The conditional format of numbers from 0 to this: a bar behind each."""
    ends = {"min_type": "num", "min_value": 0, "max_type": "num", "max_value": most}
    return {"type": "data_bar", "bar_color": "#9DC3E6", "bar_solid": True, **ends}
