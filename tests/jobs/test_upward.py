"""上报: nothing there is overwritten without a copy in the archive, and no PDF shows another summary."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest

from tests.conftest import AS_OF
from tests.faces.test_cli import fzzf, json_of
from tests.faces.told import plain, said
from tests.jobs.filling import GOOD, fill
from xl_fzzf.archive.originals import find_state, fingerprint
from xl_fzzf.desk.errors import JobError
from xl_fzzf.faces.excel import boxes
from xl_fzzf.faces.words.standing import report_json, report_lines
from xl_fzzf.jobs.consolidate import consolidate
from xl_fzzf.jobs.report import Report, report

MASTER = "台账-2019Q3.xlsx"
NOW, LATER = datetime(2019, 10, 8, 9), date(2020, 2, 1)
SUMMARY, PDF = "测试区法治方案汇总表-2019Q3.xlsx", "测试区法治方案汇总表-2019Q3.pdf"


@pytest.fixture
def consolidated(workspace: Path) -> Path:
    half = GOOD | {"1.1": {"value": 1}}
    fill(workspace / "分发/2019Q3/区司法局.xlsx", workspace / "报送/2019Q3/区司法局.xlsx", half)
    consolidate(workspace / MASTER, None, AS_OF, NOW)
    return workspace


def show(source: Path, made: Path) -> None:
    """A printer whose PDF tells which workbook it shows."""
    made.write_bytes(b"%PDF-" + fingerprint(source.read_bytes()).encode())


def jam(source: Path, made: Path) -> None:
    raise JobError("没有纸")


def make(folder: Path, as_of: date = AS_OF, printer: object = None) -> Report:
    return report(folder / MASTER, as_of, AS_OF, printer)  # type: ignore[arg-type]


def there(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (folder / "上报/2019Q3").iterdir()}


def test_an_older_summary_and_its_pdf_are_kept_and_where_is_said(consolidated: Path) -> None:
    make(consolidated, printer=show)
    before = there(consolidated)
    made = make(consolidated, LATER, show)
    assert set(there(consolidated)) == set(before) == {SUMMARY, PDF}
    assert {each.path.name: each.kept.read_bytes() for each in made.printed.gone} == before
    for name, data in before.items():
        assert there(consolidated)[name] != data
        kept = find_state(consolidated / "档案", Path(name), fingerprint(data))
        assert kept and any(str(kept) in line for line in said(report_lines(made)))
        assert any(str(kept) in line for line in boxes.reported(made))
    assert [item["kept"] for item in plain(report_json(made))["gone"]] == [
        str(each.kept) for each in made.printed.gone
    ]


@pytest.mark.parametrize("printer", [None, jam], ids=["not asked for", "not to be had"])
def test_a_pdf_does_not_stay_beside_a_summary_that_it_does_not_show(
    consolidated: Path, printer: object
) -> None:
    make(consolidated, printer=show)
    pdf = there(consolidated)[PDF]
    made = make(consolidated, LATER, printer)
    assert set(there(consolidated)) == {SUMMARY} and made.printed.pdf is None
    assert pdf in [each.kept.read_bytes() for each in made.printed.gone]
    assert any("从“上报”移走" in line for line in said(report_lines(made)))


def test_a_pdf_stays_beside_the_summary_that_it_shows(consolidated: Path) -> None:
    make(consolidated, printer=show)
    before = there(consolidated)
    made = make(consolidated)
    assert there(consolidated) == before and not made.printed.gone


def test_what_somebody_wrote_into_a_summary_or_put_in_its_place_is_kept(consolidated: Path) -> None:
    summary = make(consolidated).summary
    summary.write_bytes(b"ours")
    (gone,) = make(consolidated).printed.gone
    assert gone.kept.read_bytes() == b"ours" and gone.kept.parent == consolidated / "档案/备份"


def test_a_pdf_is_taken_away_before_the_summary_changes(
    consolidated: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Wherever a run breaks off, no PDF of other figures is left."""
    make(consolidated, printer=show)

    def full(path: Path, data: bytes, mode: int = 0) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("xl_fzzf.desk.upward.write_whole", full)
    before = there(consolidated)
    with pytest.raises(OSError, match="No space"):
        make(consolidated, LATER, show)
    assert there(consolidated) == {SUMMARY: before[SUMMARY]}


def test_charts_are_kept_as_well(consolidated: Path) -> None:
    json_of(consolidated, "history", "1.1", "--chart")
    (chart,) = (consolidated / "上报/2019Q3").iterdir()
    before = chart.read_bytes()
    assert "存在" not in fzzf(consolidated, "history", "1.1", "--chart"), "it says the same"
    fill(
        consolidated / "分发/2019Q3/区财政局.xlsx",
        consolidated / "报送/2019Q3/区财政局.xlsx",
        GOOD,
    )
    consolidate(consolidated / MASTER, None, AS_OF, NOW)
    out = fzzf(consolidated, "history", "1.1", "--chart")
    kept = find_state(consolidated / "档案", chart, fingerprint(before))
    assert kept and kept.name in out and chart.read_bytes() != before
