"""What sets one level apart from another."""

from __future__ import annotations

from xl_fzzf.rules.judge import Forms
from xl_fzzf.sheets import spec as layout

FORMS = Forms(
    layout.VERSION,
    layout.area_sheet,
    (layout.INDICATOR_TOTALS, layout.SUBMISSIONS, layout.DATA),
    layout.TOTAL_MARK,
    layout.SETTINGS,
    layout.FINDINGS,
)
"""Our workbooks, as the rules must know them."""
