"""What `xl/workbook.xml` and the parts around it say, and asking for a recalculation there."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from functools import lru_cache
from html import escape, unescape
from pathlib import Path

from xl_fzzf.office.xlsx.package import RELATIONS, TYPES, WORKBOOK, BookError, Package

_CORE = "docProps/core.xml"
_PERSON = re.compile(r"<cp:lastModifiedBy[^>]*>([^<]{1,80})")
_TIME = re.compile(r"<dcterms:modified[^>]*>([^<]{1,40})")
_ATTRIBUTES = r"""(?:\s+[\w:.-]+\s*=\s*(?:"[^"]*"|'[^']*'))*\s*"""
_ATTRIBUTE = re.compile(r"""([\w:.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_CREATOR = re.compile("(<dc:creator>)[^<]*(</dc:creator>)")
_MOMENTS = re.compile("(<dcterms:(?:created|modified)[^>]*>)[^<]*(</dcterms)")
_SHORT = 1 << 16
_CALC_PR = re.compile(rf"<calcPr({_ATTRIBUTES})(/?)>")
_FULL_CALC = re.compile(r"""\s+fullCalcOnLoad\s*=\s*["'][^"']*["']""")
_SHEET_VIEW = re.compile(rf"(<sheetView)({_ATTRIBUTES}?)(?=\s*/?>)")
_BOOK_VIEW = re.compile(rf"(<workbookView)({_ATTRIBUTES}?)(?=\s*/?>)")
_SELECTED = re.compile(r"""\s+tabSelected\s*=\s*["'][^"']*["']""")
_TABS = re.compile(r"""\s+(?:activeTab|firstSheet)\s*=\s*["'][^"']*["']""")
_BEFORE_CALC_PR = re.compile(
    r"</(?:sheets|functionGroups|externalReferences|definedNames)\s*>"
    rf"|<(?:functionGroups|externalReferences|definedNames){_ATTRIBUTES}/>"
)


def attributes(tag: str) -> dict[str, str]:
    """A start tag's attributes."""
    return {
        match[1]: unescape(match[2] if match[2] is not None else match[3])
        for match in _ATTRIBUTE.finditer(tag)
    }


def sheet_parts(package: Package) -> dict[str, str]:
    """The part of every sheet by the sheet's name, in the workbook's order."""
    targets = {
        relation.get("Id", ""): _resolve(relation.get("Target", ""), WORKBOOK)
        for relation in _relations(package, RELATIONS)
    }
    workbook = package.text(WORKBOOK)
    if "<sheets" not in workbook:
        raise package.uncommon()
    parts: dict[str, str] = {}
    for sheet in _tags("sheet", workbook):
        identity = next((value for key, value in sheet.items() if key.endswith(":id")), "")
        parts[sheet.get("name", "")] = targets.get(identity, "")
    return parts


def related_parts(package: Package, kind: str, part: str = WORKBOOK) -> list[str]:
    """The parts that a part names as its `kind`: sharedStrings, styles, worksheet, comments."""
    return [
        _resolve(relation.get("Target", ""), part)
        for relation in _relations(package, relations_of(part))
        if relation.get("Type", "").endswith(f"/{kind}")
        and relation.get("TargetMode") != "External"
    ]


def starts_in_1904(package: Package) -> bool:
    """Whether the workbook counts days from 1904."""
    tags = _tags("workbookPr", package.text(WORKBOOK))
    return bool(tags) and tags[0].get("date1904") in ("1", "true")


def calculate_on_load(package: Package) -> None:
    """Have the next program that opens the workbook recalculate it; drop the calculation chain."""
    chains = related_parts(package, "calcChain")
    if chains:
        _drop(package, RELATIONS, "Relationship", "Type", "/calcchain")
    for chain in chains:
        package.remove(chain)
        _drop(package, TYPES, "Override", "PartName", "/" + chain.lower())
    workbook = package.text(WORKBOOK)
    asked = _ask_for_calculation(workbook)
    if asked != workbook:
        package.replace(WORKBOOK, asked)


def _ask_for_calculation(workbook: str) -> str:
    if tag := _CALC_PR.search(workbook):
        kept = _FULL_CALC.sub("", tag[1]).rstrip()
        new = f'<calcPr{kept} fullCalcOnLoad="1"{tag[2]}>'
        same = attributes(tag[0]) == attributes(new)
        return workbook if same else workbook[: tag.start()] + new + workbook[tag.end() :]
    end = max((match.end() for match in _BEFORE_CALC_PR.finditer(workbook)), default=0)
    return workbook[:end] + '<calcPr fullCalcOnLoad="1"/>' + workbook[end:]


def show_sheet(package: Package, parts: Mapping[str, str], sheet: str) -> None:
    """Make a sheet, of those whose parts these are, the one that the workbook opens on."""
    for name, part in parts.items():
        if part in package:
            mark = ' tabSelected="1"' if name == sheet else ""
            package.replace(part, _marked(_SHEET_VIEW, _SELECTED, mark, package.text(part)))
    active = f' activeTab="{list(parts).index(sheet)}"'
    package.replace(WORKBOOK, _marked(_BOOK_VIEW, _TABS, active, package.text(WORKBOOK)))


def _marked(tag: re.Pattern[str], old: re.Pattern[str], new: str, text: str) -> str:
    """The text with attributes of its first such tag taken out, and a new one put in."""
    found = tag.search(text)
    if not found:
        return text
    return f"{text[: found.start(2)]}{old.sub('', found[2])}{new}{text[found.end(2) :]}"


def describe(package: Package, author: str, made: str) -> None:
    """Say in a new workbook's properties who made it, on which day (ISO), and in which language."""
    core = package.text(_CORE)
    core = _CREATOR.sub(lambda tag: f"{tag[1]}{escape(author)}{tag[2]}", core)
    core = _MOMENTS.sub(lambda tag: f"{tag[1]}{made}T00:00:00Z{tag[2]}", core)
    core = core.replace("</cp:core", "<dc:language>zh-CN</dc:language></cp:core", 1)
    package.replace(_CORE, core)


def relations_of(part: str) -> str:
    """The part that holds what a part is related to."""
    return f"{posixpath.dirname(part)}/_rels/{posixpath.basename(part)}.rels"


def _elements(name: str) -> re.Pattern[str]:
    return re.compile(rf"<{name}{_ATTRIBUTES}(?:/>|>(?:\s*</{name}>)?)")


def _relations(package: Package, relations: str) -> Sequence[Mapping[str, str]]:
    return _tags("Relationship", package.text(relations)) if relations in package else ()


def _tags(name: str, text: str) -> Sequence[Mapping[str, str]]:
    """The attributes of all elements of a name."""
    return (_remembered if len(text) <= _SHORT else _parsed)(name, text)


def _parsed(name: str, text: str) -> Sequence[Mapping[str, str]]:
    return tuple(map(attributes, _elements(name).findall(text)))


_remembered = lru_cache(64)(_parsed)
"""Returns of one round have these parts in common."""


def _resolve(target: str, part: str) -> str:
    folder = posixpath.join("/", posixpath.dirname(part))
    return posixpath.normpath(posixpath.join(folder, target)).lstrip("/")


def _drop(package: Package, part: str, element: str, attribute: str, ending: str) -> None:
    def judge(match: re.Match[str]) -> str:
        return "" if attributes(match[0]).get(attribute, "").lower().endswith(ending) else match[0]

    package.replace(part, _elements(element).sub(judge, package.text(part)))


def read_last_saved(path: Path) -> str:
    """Who saved a workbook last, and when, in words; nothing where it does not say, or can't be read.

    The person's name is as Excel knows it, the time is local.
    """
    try:
        text = Package.open_workbook(path.read_bytes(), path.name).text(_CORE)
    except (OSError, BookError, KeyError):
        return ""
    person, time = _PERSON.search(text), _TIME.search(text)
    if not person:
        return ""
    name = "".join(c for c in unescape(person[1]) if c.isprintable()).strip()
    when = ""
    if name and time:
        with suppress(ValueError):
            when = f"于 {datetime.fromisoformat(time[1]).astimezone():%Y-%m-%d %H:%M} "
    return f"{name} {when}保存"
