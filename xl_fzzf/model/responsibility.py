"""Responsibility (责任分工): from a task's 责任单位 line and the roster to each unit's role.

A line is read as officials write it: 牵头单位:A、B;配合单位:C · A牵头,B、C配合 · A(牵头)、B · A会同B ·
A、B等部门. What it names are units of the roster and kinds of units; every word of it is read or told.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches

from xl_fzzf.model.plan import Plan, Role, Task, fold

Assignments = dict[tuple[str, str], Role]
"""(unit code, task number) → role; a pair that is absent is not assigned."""

_ROLE_OF_MARK = {
    **dict.fromkeys(("牵头", "主办", "主责"), Role.LEAD),
    **dict.fromkeys(("配合", "协办", "协助", "协同", "参与", "参加"), Role.REQUIRED),
    **dict.fromkeys(("责任", "负责", "承办", "落实", "实施"), None),  # says who, not who leads
}
_MARK = f"(?P<mark>{'|'.join(_ROLE_OF_MARK)})"
_OPEN, _CLOSE = r"\[(<〈＜《（【〔", r"\])>〉＞》）】〕"
_OUTER = re.compile(
    rf"\s*[{_OPEN}](?P<inner>(?:[^{_OPEN}{_CLOSE}]|[{_OPEN}][^{_OPEN}{_CLOSE}]*[{_CLOSE}])*)"
    rf"[{_CLOSE}]\s*。?\s*"
)
_LABEL = re.compile(
    rf"[{_OPEN}]?(?:主要|第一|具体)?{_MARK}[{_OPEN}]?(?:责任)?[{_CLOSE}]?(?:单位|部门)?[{_CLOSE}]?\s*[:：]"
)
_CLAUSE = re.compile(rf"(?:[{_OPEN}][^{_CLOSE};；。\n]*[{_CLOSE}]?|[^;；。\n])+")
_WORD = re.compile(rf"(?:[{_OPEN}][^{_CLOSE}]*[{_CLOSE}]?|[^、,，])+")
_BRACKETED = rf"[{_OPEN}]{_MARK}(?:单位|部门)?[{_CLOSE}]"
_MARKED_ALONE = re.compile(rf"(?P<named>.+?)\s*{_BRACKETED}")
_MARKED = re.compile(
    r"(?P<named>.*?)(?:作?为)?(?:按照?(?:各自)?(?:职责|职能|权限)+(?:分工)?)?(?:共同|分别|联合|具体|组织|负责|统一|属地|总)*"
    rf"{_MARK}(?:并?(?:负责|落实|实施|推进|抓总|做好|抓好|组织|配合|参与))*(?:单位|部门)?"
)
_OTHERS = re.compile(
    r"(?P<named>.+?)等(?P<count>\d+|[一二两三四五六七八九十几多])?个?(?P<others>.*)"
)
_NUMERALS = {numeral: number for number, numeral in enumerate("一二三四五六七八九十", 1)} | {
    "两": 2
}
_OF_THE_SAME_KIND = ("", "单位", "部门", "部门单位")
_JOINT = rf"[{_OPEN}{_CLOSE}、,，/／和及与由\s]|会同|协同|联合|以及"
_QUALIFIERS = re.compile("其[他它]|各|有关|相关|具?有行政执法职责的")


@dataclass(frozen=True, slots=True)
class _Mention:
    """The units that a word means, by code, and the role that the line gives them in words.

    Units of a kind are not named: one that is named elsewhere in the line has the role given there.
    """

    units: tuple[str, ...]
    named: bool = False
    role: Role | None = None


def assign(plan: Plan) -> Assignments:
    """The assignments of every task and safeguard, from its own 责任单位 line."""
    return {
        (unit, number): role
        for number, task in plan.tasks.items()
        for unit, role in assign_task(plan, task).items()
    }


def assign_task(plan: Plan, task: Task) -> dict[str, Role]:
    """One task's roles by unit code: who is said to lead, or else the first named unit, leads.

    Raises ValueError with every word that names neither units of the roster nor kinds of units.
    """
    line = _Line(plan)
    for role, part in _labelled(task.responsible):
        line.read(part, role)
    if line.unknown or not line.mentions:
        raise ValueError(_say_unknown(plan, task.responsible, line.unknown))
    grouped = _strongest(each for each in line.mentions if not each.named)
    roles = grouped | _strongest(_named(line.mentions))
    return {unit.code: roles[unit.code] for unit in plan.units if unit.code in roles}


def _labelled(text: str) -> Iterator[tuple[Role | None, str]]:
    """The parts of a line by the labels before them (牵头单位:), which hold up to the next one."""
    outer = _OUTER.fullmatch(text)
    text = outer["inner"] if outer else text
    role, start = None, 0
    for label in _LABEL.finditer(text):
        yield role, text[start : label.start()]
        role, start = _ROLE_OF_MARK[label["mark"]], label.end()
    yield role, text[start:]


def _named(mentions: Sequence[_Mention]) -> Iterator[_Mention]:
    """Those that name a unit; where no word says who leads, the first that no word calls otherwise does."""
    led = any(each.role is Role.LEAD for each in mentions)
    for each in mentions:
        if each.named:
            leads = not led and each.role is None
            led = led or leads
            yield replace(each, role=Role.LEAD) if leads else each


def _strongest(mentions: Iterable[_Mention]) -> dict[str, Role]:
    """The strongest role of each unit: 牵头 before 责任 before 可选."""
    found: dict[str, Role] = {}
    for each in mentions:
        for unit in each.units:
            roles = each.role or Role.REQUIRED, found.get(unit, Role.OPTIONAL)
            found[unit] = min(roles, key=tuple(Role).index)
    return found


class _Line:
    """Reads the parts of a line: collects what they mention, and the words that name nobody."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.mentions: list[_Mention] = []
        self.unknown: list[str] = []

    def read(self, part: str, role: Role | None) -> None:
        """Read one labelled part; a mark (牵头, 配合) is of the words before it, back to the last mark."""
        for clause in _CLAUSE.findall(re.sub(_BRACKETED, r"\g<0>、", part)):
            waiting: list[_Mention] = []
            for word in filter(None, map(str.strip, _WORD.findall(clause))):
                known = self.find(word, word, waiting)
                alone, marked = _MARKED_ALONE.fullmatch(word), _MARKED.fullmatch(word)
                if known or not (alone or marked):
                    waiting += known or self.split(word, waiting)
                elif alone:
                    self.take(self.split(alone["named"], waiting), _ROLE_OF_MARK[alone["mark"]])
                elif marked:
                    waiting += self.split(marked["named"], waiting)
                    self.take(waiting, _ROLE_OF_MARK[marked["mark"]] or role)
                    waiting = []
            self.take(waiting, role)

    def take(self, mentions: Iterable[_Mention], role: Role | None) -> None:
        """Keep what was mentioned, in this role if it has none of its own."""
        self.mentions += [replace(each, role=each.role or role) for each in mentions]

    def split(self, word: str, before: Sequence[_Mention]) -> list[_Mention]:
        """What a word without a mark mentions, whole or piece by piece: A会同B, 各乡镇(街道).

        A name may hold 和 or brackets: of what may begin with a piece the longest that is known counts.
        """
        found = self.find(word, word, before)
        unread: list[tuple[int, int]] = []
        pieces = [] if found else _pieces(word)
        while pieces:
            start = pieces[0][0]
            for count in range(len(pieces), 0, -1):
                end = pieces[count - 1][1]
                ends = (end, end + 1)  # with the bracket that may close the name
                known = [self.find(word[start:end], word, [*before, *found]) for end in ends]
                if any(known):
                    break
            else:
                unread.append(pieces[0])
            found += next(filter(None, known), [])
            pieces = pieces[count:]
        self.unknown += _gathered(word, unread) if found else filter(None, [word])
        return found

    def find(self, part: str, word: str, before: Sequence[_Mention]) -> list[_Mention]:
        """The unit of that name, or the units of a kind that is called so, qualified as the word is."""
        unit = self.plan.find_unit(part)
        if unit:
            return [_Mention((unit.code,), named=True)]
        if kinds := _kinds_called(self.plan, part):
            return [self.group(kinds)]
        if kinds := _kinds_called(self.plan, _QUALIFIERS.sub("", part)):
            return [self.group(kinds, "".join(_QUALIFIERS.findall(word)))]
        others = _OTHERS.fullmatch(part)
        named = self.find(others["named"], others["named"], before) if others else []
        return self.others(others, named, before) if others and named else []

    def group(self, kinds: set[str], qualifiers: str = "") -> _Mention:
        """The units of these kinds: 有关 ones may, those with 行政执法职责 must alone."""
        optional = "有关" in qualifiers or "相关" in qualifiers
        enforcing = "执法" in qualifiers
        units = [u for u in self.plan.units if u.kind in kinds and (u.enforcement or not enforcing)]
        return _Mention(tuple(u.code for u in units), role=Role.OPTIONAL if optional else None)

    def others(
        self, found: re.Match[str], named: list[_Mention], before: Sequence[_Mention]
    ) -> list[_Mention]:
        """A、B等部门: the named, and the others of their kind or of the one that is called may."""
        units = {code for each in (*before, *named) if each.named for code in each.units}
        called = _QUALIFIERS.sub("", found["others"])
        kinds = _kinds_called(self.plan, called)
        if called in _OF_THE_SAME_KIND:
            kinds = {self.plan.unit_by_code[code].kind for code in units}
        if not kinds:
            return []
        count = found["count"] or ""
        number = int(count) if count.isdecimal() else _NUMERALS.get(count)
        return named if number == len(units) else [*named, self.group(kinds, "有关")]


def _pieces(word: str) -> list[tuple[int, int]]:
    """Where the pieces of a word between its joints begin and end."""
    joints = [joint.span() for joint in re.finditer(_JOINT, word)]
    starts, ends = [0, *(end for _, end in joints)], [*(start for start, _ in joints), len(word)]
    return [
        span for span in zip(starts, ends, strict=True) if _QUALIFIERS.sub("", word[slice(*span)])
    ]


def _gathered(word: str, spans: Sequence[tuple[int, int]]) -> list[str]:
    """The words at these spans; those that 和 alone keeps apart are one name: 区审计和监督局."""
    gathered: list[tuple[int, int]] = []
    for start, end in spans:
        if gathered and word[gathered[-1][1] : start] == "和":
            start = gathered.pop()[0]
        gathered.append((start, end))
    return [word[start:end] for start, end in gathered]


def _kinds_called(plan: Plan, word: str) -> set[str]:
    called = fold(word)
    return {
        kind
        for kind, words in plan.kinds.items()
        if called and called in (fold(each) for each in (kind, *words))
    }


def _say_unknown(plan: Plan, line: str, unknown: Sequence[str]) -> str:
    words = dict.fromkeys(unknown or [line])
    names = [name for unit in plan.units for name in (unit.name, *unit.aliases)]
    kinds = dict.fromkeys(word for kind, called in plan.kinds.items() for word in (kind, *called))
    near = dict.fromkeys(
        name for word in words for name in get_close_matches(word, [*names, *kinds], 2, 0.7)
    )
    said = "".join(f"“{word}”" for word in words)
    hint = f"（相近的有：{'、'.join(near)}）" if near else ""
    return (
        f"责任单位“{line}”里的{said}既不是单位名录里的名称、别名或代码，也不是单位类别的叫法"
        f"（{'、'.join(kinds)}）。请照名录或叫法写{hint}，几个单位之间用顿号“、”隔开"
    )
