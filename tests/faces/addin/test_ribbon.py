"""The ribbon's XML holds only what Excel knows, and its buttons lead to macros and to Python."""

from __future__ import annotations

import importlib
import inspect
import re
from collections import Counter
from xml.etree import ElementTree

import pytest

from tests.faces.addin.test_press import JOBS
from xl_fzzf.faces.excel.addin.build import SOURCES, read_own_modules

XMLNS = "{http://schemas.microsoft.com/office/2009/07/customui}"
RIBBON = ElementTree.fromstring((SOURCES / "customUI14.xml").read_bytes())
ELEMENTS = list(RIBBON.iter())
BUTTONS = list(RIBBON.iter(f"{XMLNS}button"))
KNOWN = {
    # element: the attributes used of those in MS-CUSTOMUI2, all of them needed but the last of tab
    "customUI": set(),
    "ribbon": set(),
    "tabs": set(),
    "tab": {"id", "label", "keytip", "insertAfterMso"},
    "group": {"id", "label"},
    "button": {
        *("id", "label", "size", "imageMso", "keytip", "onAction"),
        *("screentip", "supertip"),
    },
}
# Controls of Excel 2013, 2016, 2019 and 365 alike, by Microsoft's lists of control identifiers.
IMAGES = {
    *("ReviewShareWorkbook", "FileOpen", "DataValidationCircleInvalid", "Consolidate", "Undo"),
    *("ConditionalFormattingHighlightCellsMenu", "ChartInsert", "FileSendAsAttachment", "Help"),
    *("FileMarkAsFinal", "ReviewProtectWorkbook"),
}


def test_there_is_nothing_that_excel_does_not_know() -> None:
    for element in ELEMENTS:
        assert element.tag.startswith(XMLNS)
        name = element.tag.removeprefix(XMLNS)
        assert set(element.attrib) == KNOWN[name], name


def test_ids_are_unique_and_keytips_in_their_place() -> None:
    ids = [element.get("id") for element in ELEMENTS if "id" in element.attrib]
    assert all(re.fullmatch(r"[a-z_]+", str(name)) for name in ids)
    assert max(Counter(ids).values()) == 1
    tips = [str(button.get("keytip")) for button in BUTTONS]
    assert all(re.fullmatch("[A-Z]", tip) for tip in tips)
    assert max(Counter(tips).values()) == 1


def test_the_tab_and_its_groups_are_those_of_the_round() -> None:
    (tab,) = RIBBON.iter(f"{XMLNS}tab")
    assert tab.get("label") == "法治政府"
    assert [group.get("label") for group in tab] == ["填报", "汇总", "上报", "帮助"]


@pytest.mark.parametrize("button", BUTTONS, ids=lambda button: str(button.get("label")))
def test_every_button_is_large_has_an_icon_and_says_what_it_does(
    button: ElementTree.Element,
) -> None:
    assert button.get("size") == "large"
    assert button.get("imageMso") in IMAGES
    assert button.get("screentip") == button.get("label")
    assert 20 <= len(str(button.get("supertip"))) <= 120
    assert str(button.get("supertip")).endswith("。")


def test_every_action_is_a_macro_of_one_line() -> None:
    source = read_own_modules(SOURCES)["fzzf_ribbon"].replace("\r\n", "\n")
    found = re.findall(
        r'^Public Sub (\w+)\(control As IRibbonControl\)\n    RunJob "(\w+)"\nEnd Sub$',
        source,
        re.MULTILINE,
    )
    assert source.count("Sub ") == len(found)
    actions = [str(button.get("onAction")) for button in BUTTONS]
    assert Counter(actions) == Counter(name for name, _ in found)
    assert dict(found) == JOBS


@pytest.mark.parametrize("job", JOBS.values())
def test_every_button_has_a_python_function(job: str) -> None:
    ribbon = importlib.import_module("xl_fzzf.faces.excel.ribbon")
    function = getattr(ribbon, job)
    inspect.signature(function).bind()  # as the macros call it: without arguments
