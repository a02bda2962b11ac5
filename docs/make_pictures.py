"""Make docs/pictures from a demo round: `python docs/make_pictures.py` (needs LibreOffice)."""

from __future__ import annotations

import os
import sys
import tempfile
from datetime import datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from tests.libreoffice import Office, pages
from xl_fzzf.desk.printing import FONTS
from xl_fzzf.jobs.demo import demo

PICTURES = Path(__file__).parent / "pictures"
DPI = 80


def main() -> None:
    """Run the demo, print its workbooks and keep the pages that the docs show."""
    PICTURES.mkdir(exist_ok=True)
    os.environ.setdefault("FONTCONFIG_FILE", str(FONTS))
    with tempfile.TemporaryDirectory() as name, Office() as office:
        folder = Path(name) / "嘉陵区"
        rounds = list(demo(folder, datetime.now()))
        summary = rounds[-1][1].summary
        wanted = {
            folder / "分发/2019Q4/区司法局.xlsx": {
                "return-guide": "填报说明",
                "return-overview": "总览",
                "return-area": "一、加强组织领导",
            },
            folder / "报送/2019Q4/区司法局.xlsx": {"return-filled": "一、加强组织领导"},
            folder / "台账-2019Q4.xlsx": {
                "master-guide": "填报说明",
                "master-overview": "总览",
                "master-area": "一、加强组织领导",
                "master-roles": "责任分工",
                "master-findings": "校验结果",
            },
            summary: {
                "summary-cover": "封面",
                "summary-overview": "总览",
                "summary-matrix": "单位矩阵",
                "summary-unmet": "未达标清单",
                "summary-scores": "考核得分",
            },
        }
        for workbook, sheets in wanted.items():
            for picture, sheet in sheets.items():
                shoot(office, workbook, sheet, PICTURES / f"{picture}.png", Path(name))


def shoot(office: Office, workbook: Path, sheet: str, picture: Path, folder: Path) -> None:
    """The first page of a sheet, as it prints."""
    with office.open(workbook) as book:
        book.move_sheet(sheet, 0)
        if workbook.name.startswith("台账"):  # of a master 总览 alone is printed
            book.print_whole(sheet)
        book.recalculate()
        book.to_pdf(folder / "page.pdf", "1")
    picture.write_bytes(pages(folder / "page.pdf", folder, DPI)[0].read_bytes())


if __name__ == "__main__":
    main()
