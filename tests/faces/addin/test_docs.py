"""The page on the add-in names the buttons that there are, and the repository keeps the licences."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree

from xl_fzzf.faces.excel.addin.build import SOURCES, read_xlwings_modules

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "安装加载项.md").read_text(encoding="utf-8")
XMLNS = "{http://schemas.microsoft.com/office/2009/07/customui}"


def test_the_page_lists_every_button_with_its_group_and_keys() -> None:
    (tab,) = ElementTree.fromstring((SOURCES / "customUI14.xml").read_bytes()).iter(f"{XMLNS}tab")
    rows = re.findall(r"^\| (\S+) \| (\S+) \| Alt (\S+ \S+) \| .+ \|$", PAGE, re.MULTILINE)
    assert rows == [
        (group.get("label"), button.get("label"), f"{tab.get('keytip')} {button.get('keytip')}")
        for group in tab
        for button in group
    ]


def test_the_checklist_names_every_button() -> None:
    checklist = (ROOT / "docs" / "excel-checklist.md").read_text(encoding="utf-8")
    root = ElementTree.fromstring((SOURCES / "customUI14.xml").read_bytes())
    labels = [str(button.get("label")) for button in root.iter(f"{XMLNS}button")]
    assert labels
    assert f"each button on a master: {', '.join(labels)}" in re.sub(r"\n\s+", " ", checklist)


def licence_in(text: str) -> str:
    """The conditions of the BSD licence that stands in a text, as one line."""
    found = re.search(r"Redistribution and use.*?SUCH DAMAGE\.", text, re.DOTALL)
    assert found
    return " ".join(found[0].replace("\n'", "\n").split())


def test_the_notice_holds_the_licence_that_the_module_states() -> None:
    notice = (ROOT / "NOTICE").read_text(encoding="utf-8")
    assert licence_in(notice) == licence_in(read_xlwings_modules()["xlwings"])
    assert "Copyright (c) 2017 Tim Hall" in notice
