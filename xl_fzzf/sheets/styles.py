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

_PLAIN: Style = {"font_name": BODY, "font_size": 11, "font_color": INK, "valign": "vcenter"}
_CELL: Style = {**_PLAIN, "border": 1, "border_color": LINE, "text_wrap": True}
_CENTER: Style = {**_CELL, "align": "center"}
_ENTRY: Style = {**_CELL, "bg_color": YELLOW, "locked": False}
_ENTRY_CENTER: Style = {**_ENTRY, "align": "center"}
_DATE, _PERCENT, _NUMBER = "yyyy-mm-dd", "0.0#%", "0.##########"

STYLES: dict[str, Style] = {
    "plain": _PLAIN,
    "text": _CELL,
    "center": _CENTER,
    "bold": {**_CELL, "bold": True},
    "percent": {**_CENTER, "num_format": _PERCENT},
    "date": {**_CENTER, "num_format": _DATE},
    "entry_text": _ENTRY,
    "entry_choice": _ENTRY_CENTER,
    "entry_number": {**_ENTRY_CENTER, "num_format": "General"},
    "entry_date": {**_ENTRY_CENTER, "num_format": _DATE},
    "unused": {**_CENTER, "bg_color": GREY},
    "status": {**_CENTER, "font_name": HEADING},
    "hint": {**_CELL, "font_color": "#9C0006"},
    "link": {**_CELL, "font_color": "#0563C1", "underline": 1},
    "back": {**_PLAIN, "font_color": "#0563C1", "underline": 1},
    "title": {**_PLAIN, "font_name": TITLE, "font_size": 20, "font_color": NAVY},
    "subtitle": {**_PLAIN, "font_size": 11, "font_color": "#595959"},
    "section": {
        **_PLAIN,
        "font_name": HEADING,
        "font_size": 13,
        "font_color": NAVY,
        "bottom": 2,
        "bottom_color": NAVY,
    },
    "header": {**_CENTER, "font_name": HEADING, "font_color": "#FFFFFF", "bg_color": NAVY},
    "label": {**_CENTER, "font_name": HEADING, "bg_color": "#EAF1F8"},
    "figure": {**_CENTER, "font_name": HEADING, "font_size": 18, "font_color": NAVY},
    "figure_percent": {
        **_CENTER,
        "font_name": HEADING,
        "font_size": 18,
        "font_color": NAVY,
        "num_format": "0.0%",
    },
    "share": {**_CENTER, "num_format": "0%"},
    "role": _CENTER,
}
"""Every style by name; a workbook that is edited in place carries them as swatches."""

_COVER: Style = {**_PLAIN, "font_size": 16}
_SEAL: Style = {**_COVER, "align": "center", "font_color": "#8C8C8C", "left": 3, "right": 3}
_SERIF: Style = {"font_family": 1, "font_charset": 134}
"""Where a font is missing, a program takes a Chinese one with serifs by these."""

_FRAMED: Style = {**_PLAIN, "border": 1, "border_color": LINE}
_MIDDLE: Style = {**_FRAMED, "align": "center"}
_TINY: Style = {**_MIDDLE, "font_size": 9}
_BAND: Style = {
    **_PLAIN,
    "font_name": HEADING,
    "font_size": 9,
    "bg_color": "#D6E4F0",
    "top": 1,
    "bottom": 1,
}
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
    "cover_link": {**_COVER, "font_size": 12, "font_color": "#0563C1", "underline": 1},
    "cover_note": {**_COVER, "font_size": 11, "font_color": "#595959"},
    "page_title": {
        **_PLAIN,
        **_SERIF,
        "font_name": TITLE,
        "font_size": 20,
        "font_color": NAVY,
        "align": "center",
    },
    "page_facts": {**_PLAIN, "font_color": "#595959", "align": "center"},
    "sentence": {**_PLAIN, "font_size": 12, "text_wrap": True, "valign": "top"},
    "note": {**_PLAIN, "font_color": "#595959", "text_wrap": True},
    "card_label": {**_MIDDLE, "font_name": HEADING, "font_size": 12, "bg_color": "#EAF1F8"},
    "card_figure": {**_MIDDLE, "font_name": HEADING, "font_size": 22, "font_color": NAVY},
    "card_below": {**_MIDDLE, "font_size": 9, "text_wrap": True},
    "card_share": {
        **_MIDDLE,
        "font_name": HEADING,
        "font_size": 22,
        "font_color": NAVY,
        "num_format": "0.0%",
    },
    "name": {**_FRAMED, "shrink": True},
    "narrow_header": {
        **_MIDDLE,
        "font_name": HEADING,
        "font_color": "#FFFFFF",
        "bg_color": NAVY,
        "text_wrap": True,
    },
    "fingerprint": {**_MIDDLE, "font_size": 8},
    "count": {**_MIDDLE, "num_format": "0", "shrink": True},
    "points": {**_MIDDLE, "num_format": "0.00"},
    "one_share": {**_MIDDLE, "num_format": "0.0%", "shrink": True},
    "total": {**_MIDDLE, "font_name": HEADING, "bg_color": "#EAF1F8", "shrink": True},
    "total_share": {
        **_MIDDLE,
        "font_name": HEADING,
        "bg_color": "#EAF1F8",
        "num_format": "0.0%",
        "shrink": True,
    },
    "matrix_unit": {**_FRAMED, "font_size": 10, "shrink": True},
    "matrix_word": _TINY,
    "matrix_first": {**_TINY, **_AREA_START},
    "matrix_share": {**_TINY, "num_format": "0.0%", "left": 2, "left_color": NAVY},
    "matrix_area": {
        **_TINY,
        "font_name": HEADING,
        "font_color": "#FFFFFF",
        "bg_color": NAVY,
        "border_color": "#FFFFFF",
        "text_wrap": True,
    },
    "matrix_code": {**_TINY, "font_name": HEADING, "bg_color": "#EAF1F8", "rotation": 90},
    "matrix_kind": _BAND,
    "matrix_kind_share": {**_BAND, "align": "center", "num_format": "0.0%"},
    "matrix_total": {
        **_TINY,
        "font_name": HEADING,
        "bg_color": "#EAF1F8",
        "rotation": 90,
    },
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
    "可选": {"bg_color": "#F2F2F2", "font_color": "#7F7F7F", "italic": True},
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
    "被替代": STATUS_STYLES[Status.NOT_APPLICABLE],
    "重复": STATUS_STYLES[Status.NOT_APPLICABLE],
    "已忽略": STATUS_STYLES[Status.NOT_APPLICABLE],
}

SHARE_BAR: Style = {
    "type": "data_bar",
    "bar_color": "#9DC3E6",
    "bar_solid": True,
    "min_type": "num",
    "min_value": 0,
    "max_type": "num",
    "max_value": 1,
}
"""The bars of shares from 0 to 1."""

SHARE_SCALE: Style = {
    "type": "3_color_scale",
    "min_type": "num",
    "min_value": 0,
    "mid_type": "num",
    "mid_value": 0.6,
    "max_type": "num",
    "max_value": 1,
    "min_color": "#F8B4B4",
    "mid_color": "#FFF2CC",
    "max_color": "#B7E1C0",
}
"""The conditional format of shares from 0 to 1; the number always stands in the cell."""
