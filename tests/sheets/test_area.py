"""Area sheets as read: whatever is typed into one, every filled entry cell is counted and accounted for."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import small_plan
from xl_fzzf.desk.level import FORMS
from xl_fzzf.model.period import Period
from xl_fzzf.model.record import ENTRY_LABELS, blank
from xl_fzzf.model.resolution import resolve
from xl_fzzf.model.responsibility import assign
from xl_fzzf.model.round import Round
from xl_fzzf.model.settings import Settings
from xl_fzzf.model.submission import SheetContent, Submission, Verdict
from xl_fzzf.rules.judge import judge_return
from xl_fzzf.sheets.area import read_area
from xl_fzzf.sheets.spec import AREA_COLUMNS, VERSION

PLAN = small_plan()
PERIOD = Period.parse("2019Q3")
ROUND = Round(PLAN, assign(PLAN), Settings(PERIOD, PERIOD.end))
UNIT = PLAN.units[0]
HEADERS = [column.header for column in AREA_COLUMNS]
SHEET = "一、组织领导"
ENTRIES = frozenset(ENTRY_LABELS.values())

words = st.sampled_from(
    ["", None, " ", "区司法局", "金凤镇", "1.1", "1.2", "1.3", "9.9", "小计", "合计", "填表人:张三"]
)
cells = st.one_of(words, st.sampled_from([0.0, 3.0, "约3次", "是", "\u00a0", "#N/A", True]))
headers = st.one_of(
    st.just(HEADERS),
    st.permutations(HEADERS),
    st.permutations(HEADERS).map(lambda found: found[:-3]),
    st.permutations(HEADERS).map(lambda found: [*found, "完成值", "备注"]),
)
rows = st.lists(st.lists(cells, max_size=len(HEADERS) + 3), max_size=8)


def sent(content: SheetContent) -> Submission:
    from datetime import datetime

    stamp = {"kind": "return", "plan": PLAN.name, "version": VERSION}
    stamp |= {"period": str(PERIOD), "unit": UNIT.code}
    received = datetime(2019, 9, 20)
    return Submission("区司法局.xlsx", "0" * 64, received, "", stamp, {SHEET: content})


@given(st.lists(st.just(["说明", 12.0]), max_size=2), headers, rows)
def test_every_filled_entry_cell_is_counted_and_goes_somewhere(
    above: list[list[Any]], header: list[str], below: list[list[Any]]
) -> None:
    content = read_area(SHEET, [*above, header, *below])
    if content is None:
        assert not {"单位", "指标编号"} <= set(header)
        return
    if not content.duplicated:
        places = [place for place, word in enumerate(header) if word in ENTRIES]
        filled = [row[p] for row in below for p in places if p < len(row)]
        assert content.answered == sum(not blank(cell) for cell in filled)
    account = resolve(PLAN, UNIT, ROUND.indicators_of(UNIT), sent(content)).account
    assert account.read == content.answered
    assert account.balanced
    checked = judge_return(sent(content), ROUND, FORMS)
    assert not [finding for finding in checked.findings if finding.rule == "accounting"]


def test_a_loss_keeps_the_whole_file_out() -> None:
    """If ever a reader drops a row: nothing of the file is taken, and it says so."""
    row: list[Any] = ["区司法局", 1, "1.1", "会议次数", "≥ 2", None, None, None, 3.0]
    content = read_area(SHEET, [HEADERS, row])
    assert content is not None
    assert judge_return(sent(content), ROUND, FORMS).verdict is Verdict.ACCEPTED
    lossy = SheetContent(SHEET, content.letters, content.rows, answered=content.answered + 1)
    checked = judge_return(sent(lossy), ROUND, FORMS)
    assert checked.verdict is Verdict.QUARANTINED
    (finding,) = checked.findings
    assert finding.rule == "accounting" and "对账不平" in checked.reason
    assert checked.records == {}
