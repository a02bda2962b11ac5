"""Make the received files of tests/data/received, and the list of their verdicts.

    python -m tests.make_received [--verdicts]

Run it when the corpus is to grow, or (with --verdicts) when verdicts changed for a reason; commit what changed.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import tempfile
import zipfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from tests.conftest import AS_OF, small_plan
from tests.jobs.filling import GOOD, fill
from tests.receiving import (
    IN_TIME,
    SHEET,
    UNIT,
    Door,
    as_xlsb,
    encrypted,
    entered,
    repacked,
    replaced,
    troubled,
    zipped,
)
from xl_fzzf.desk.master import open_master
from xl_fzzf.desk.readers import Readers
from xl_fzzf.jobs.distribute import distribute
from xl_fzzf.jobs.init import init
from xl_fzzf.model.assessment import assess
from xl_fzzf.model.judged import Judged
from xl_fzzf.model.period import Period
from xl_fzzf.model.round import Round
from xl_fzzf.rules import sort_findings
from xl_fzzf.rules.judge import judge_records
from xl_fzzf.rules.rule import Place

FOLDER = Path(__file__).parent / "data" / "received"
VERDICTS = FOLDER.with_name("verdicts.json")
_BOOK = "xl/workbook.xml"


def make() -> None:
    """Write every file anew."""
    with tempfile.TemporaryDirectory() as name:
        workspace = init(Path(name), small_plan(), Period.parse("2019Q3"), AS_OF)
        distribute(workspace.master, AS_OF, datetime(2019, 9, 1, 9))
        blank = workspace.outgoing / f"{UNIT}.xlsx"
        good = fill(blank, Path(name) / "好.xlsx", GOOD).read_bytes()
        FOLDER.mkdir(parents=True, exist_ok=True)
        for file, data in {
            **dict(_good_and_odd(good)),
            **dict(_refused(good)),
            "没填.xlsx": blank.read_bytes(),
            "台账.xlsx": workspace.master.read_bytes(),
        }.items():
            (FOLDER / file).write_bytes(data)
        _convert(good, "旧格式", Path(name))
        _convert(troubled(good), "看不见的", Path(name))


def _good_and_odd(good: bytes) -> Iterator[tuple[str, bytes]]:
    yield "好.xlsx", good
    yield "好.xlsb", as_xlsb(good)
    yield "看不见的.xlsx", troubled(good)
    yield "默认密码.xlsx", encrypted(good, "VelvetSweatshop")
    yield "宏.xlsm", repacked(good, {"xl/vbaProject.bin": b"\xd0\xcf\x11\xe0"})
    yield "文字数.xlsx", entered(good, '<c r="I4" t="inlineStr"><is><t>约3次</t></is></c>')
    yield "多一张表.xlsx", repacked(good, {_BOOK: replaced('name="填报说明"', 'name="草稿"')})
    yield "改了表名.xlsx", repacked(good, {_BOOK: replaced('name="保障措施"', 'name="保障"')})
    yield "缺表头.xlsx", repacked(good, {"xl/sharedStrings.xml": replaced("完成值", "完成了吗")})
    yield "没算过.xlsx", entered(good, '<c r="I4"><f>1+2</f></c>')


def _refused(good: bytes) -> Iterator[tuple[str, bytes]]:
    doctype = '?><!DOCTYPE a [<!ENTITY b "b">]>'
    yield "空.xlsx", b""
    yield "断.xlsx", good[: len(good) // 2]
    yield "密码.xlsx", encrypted(good, "123456")
    yield "扫描.xlsx", b"%PDF-1.4\n"
    yield "文本.csv", "单位,完成值\n金凤镇,3\n".encode("gb18030")
    yield "打包.zip", zipped({"金凤镇.xlsx": b"", "安福镇.xlsx": b""})
    yield "实体.xlsx", repacked(good, {SHEET: replaced("?>", doctype)})
    yield "宏表.xlsx", repacked(good, {"xl/macrosheets/sheet1.xml": b"<a/>"})
    yield "缺件.xlsx", repacked(good, {"xl/sharedStrings.xml": None})
    yield "炸弹.xlsx", repacked(good, {"xl/media/a.png": b"\0" * (9 << 20)}, zipfile.ZIP_DEFLATED)
    corner = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    yield "远.xlsx", repacked(good, {SHEET: replaced("</sheetData>", corner)})


def _convert(data: bytes, name: str, folder: Path) -> None:
    """The same workbook as LibreOffice saves it in older and open formats."""
    (source := folder / f"{name}.xlsx").write_bytes(data)
    for suffix in ("xls", "ods"):
        profile = f"-env:UserInstallation={(folder / 'office').as_uri()}"
        command = ["soffice", profile, "--headless", "--convert-to", suffix, "--outdir", FOLDER]
        subprocess.run([*command, source], check=True, capture_output=True)


def read_verdicts(round_: Round, readers: Readers, folder: Path) -> dict[str, object]:
    """What becomes of every file of the corpus now."""
    door = Door(readers, round_, folder)
    files = sorted(path for path in FOLDER.iterdir() if path.is_file())
    return {path.name: _described(door(path.read_bytes(), path.name), round_) for path in files}


def _described(checked: Judged, round_: Round) -> dict[str, object]:
    year, submission = round_.settings.period.year, checked.submission
    assessments = assess(round_.plan, checked.records.values(), year, AS_OF)
    own = [assessment for assessment in assessments if assessment.record.sheet]
    place = Place(submission.file, sheets=submission.sheets)
    findings = [*checked.findings, *judge_records(own, {}, round_, place)]
    traits = checked.submission.traits
    return {
        "verdict": checked.verdict.value,
        "reason": checked.reason,
        "traits": {trait.value: detail for trait, detail in sorted(traits.items())},
        "findings": [
            " ".join(filter(None, (f.severity.value, f.rule, f.sheet, f.cell, f.value)))
            for f in sort_findings(findings)
        ],
    }


def _write_verdicts() -> None:
    with tempfile.TemporaryDirectory() as name, Readers() as readers:
        workspace = init(Path(name), small_plan(), Period.parse("2019Q3"), AS_OF)
        round_ = open_master(workspace.master, writing=False).round
        verdicts = read_verdicts(round_, readers, Path(name))
    text = json.dumps(verdicts, ensure_ascii=False, indent=1)
    VERDICTS.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--verdicts", action="store_true", help="only the verdicts")
    if not parser.parse_args().verdicts:
        make()
    _write_verdicts()
    print(f"{len(list(FOLDER.iterdir()))} files, received {IN_TIME}")
