"""The roster of units that owe a report, and which file is whose: matched whole, never by likeness."""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from auditkit.model.document import Source, Value
from auditkit.model.finding import Result
from auditkit.model.words import Fault, Text
from auditkit.readers import load, read

HEADERS: Mapping[str, tuple[str, ...]] = {
    "code": ("编号", "代码", "单位代码", "单位编号", "机构代码", "区划代码", "行政区划代码", "code", "id", "unit code"),
    "name": ("单位", "名称", "单位名称", "机关名称", "机构名称", "行政机关", "填报单位", "name", "unit", "agency"),
    "email": ("邮箱", "电子邮箱", "邮件", "电子邮件", "邮箱地址", "email", "e-mail", "mail"),
    "contact": ("联系人", "经办人", "负责人", "填报人", "contact", "contact person"),
    "phone": ("电话", "联系电话", "手机", "办公电话", "手机号", "phone", "telephone", "tel"),
    "parent": ("上级", "上级单位", "主管单位", "主管部门", "上级代码", "parent", "superior"),
    "language": ("语言", "language", "lang"),
}
HEAD = 20
"""Lines in which the line of headers is looked for."""


@dataclass(frozen=True)
class Unit:
    """One line of the roster; what is not said is empty."""

    code: str
    name: str
    email: str = ""
    contact: str = ""
    phone: str = ""
    parent: str = ""
    """Code or name of the unit it reports to."""
    language: str = ""


@dataclass(frozen=True, slots=True)
class Arrival:
    """One file of the run, as the roster needs to know it."""

    name: str
    """The name it has in the run, with folders."""
    modified: float
    """Seconds since 1970; 0 where nobody knows."""
    sha256: str
    rulebook: str
    """Empty where no form was recognised."""
    period: str
    unit: str
    """Whose it says it is."""
    unit_code: str

    @classmethod
    def of(cls, name: str, modified: float, result: Result) -> Arrival:
        """What is kept of a result, which is little: there may be a hundred thousand."""
        form, period = sys.intern(result.rulebook), sys.intern(result.period)
        return cls(name, modified, result.sha256, form, period, result.unit, result.unit_code)

    @property
    def file(self) -> str:
        return re.split(r"[/\\!]", self.name)[-1]


@dataclass(frozen=True)
class Received:
    """What came of one unit: the file that counts, those it replaces, and what is wrong with the names."""

    unit: Unit
    arrival: Arrival
    superseded: tuple[Arrival, ...] = ()
    same: tuple[Arrival, ...] = ()
    """Files with the very same content."""
    late: bool = False


@dataclass(frozen=True)
class Attendance:
    """Who sent what. Every arrival is in exactly one place."""

    received: tuple[Received, ...] = ()
    """In the roster's order."""
    missing: tuple[Unit, ...] = ()
    unknown: tuple[Arrival, ...] = ()
    """Files of nobody on the roster."""
    disagreements: Mapping[str, Text] = field(default_factory=dict)
    """Name of a file → what its name says and what it says inside."""

    @property
    def unit_of(self) -> dict[str, Unit]:
        """Name of a file → whose it is."""
        return {
            one.name: entry.unit for entry in self.received for one in (entry.arrival, *entry.superseded, *entry.same)
        }


@dataclass(frozen=True)
class Roster:
    """Units in the order of their list."""

    units: tuple[Unit, ...]

    @cached_property
    def _words(self) -> Mapping[str, Unit]:
        """Codes and names, folded; a word that two units share is nobody's."""
        found: dict[str, Unit | None] = {}
        for unit in self.units:
            name = folded(unit.name)
            for word in dict.fromkeys((folded(unit.code), name, name.removesuffix("人民政府"))):
                if word:
                    found[word] = None if word in found else unit
        return {word: unit for word, unit in found.items() if unit is not None}

    @cached_property
    def _lengths(self) -> tuple[int, ...]:
        return tuple(sorted({len(word) for word in self._words}, reverse=True))

    def _named(self, text: str) -> Iterator[str]:
        """Names and codes in a text, the longest first: 青山镇财政所 is not 青山镇. A long roster costs no more."""
        at = 0
        while at < len(text):
            for length in self._lengths:
                word = text[at : at + length]
                if len(word) == length and word in self._words and _whole(text, at, at + length):
                    yield word
                    at += length
                    break
            else:
                at += 1

    def within(self, text: str) -> Unit | None:
        """The unit that a text names; None where it names none, or several."""
        named = dict.fromkeys(self._words[word] for word in self._named(folded(text)))
        return next(iter(named)) if len(named) == 1 else None

    def exactly(self, word: str) -> Unit | None:
        """The unit of this very code or name."""
        return self._words.get(folded(word))

    def own(self, arrival: Arrival) -> tuple[Unit | None, Text | None]:
        """Whose file it is, and what is said where its name and its content disagree. The content is believed."""
        told = self.exactly(arrival.unit_code) or self.exactly(arrival.unit) or self.within(arrival.unit)
        by_file = self.within(Path(arrival.file).stem)
        by_folder = self.within(arrival.name[: -len(arrival.file)]) if by_file is None else None
        if told is not None and by_file is not None and told != by_file:
            return told, Text(
                f"文件名是{by_file.name}的，内容是{told.name}的；按内容算作{told.name}，请核对。",
                f"The file is named for {by_file.name} but its content is {told.name}'s; "
                f"it counts for {told.name}. Check which is right.",
            )
        return told or by_file or by_folder, None

    def attendance(self, arrivals: Iterable[Arrival], *, due: float | None = None) -> Attendance:
        """Who sent what; of several files of one unit and kind the newest counts.

        Args:
            arrivals: every file that was checked, readable or not.
            due: seconds since 1970 after which a file is late.
        """
        came: dict[Unit, list[Arrival]] = {}
        unknown: list[Arrival] = []
        disagreements: dict[str, Text] = {}
        for arrival in arrivals:
            unit, said = self.own(arrival)
            if said is not None:
                disagreements[arrival.name] = said
            if unit is None:
                unknown.append(arrival)
            else:
                came.setdefault(unit, []).append(arrival)
        received = tuple(entry for unit in self.units if unit in came for entry in _versions(unit, came[unit], due))
        return Attendance(received, tuple(u for u in self.units if u not in came), tuple(unknown), disagreements)


def _versions(unit: Unit, arrivals: Sequence[Arrival], due: float | None) -> Iterator[Received]:
    """One entry for each form and period a unit reported; files that could not be read are versions of the rest."""
    kinds: dict[tuple[str, str, str], list[Arrival]] = {}
    for one in arrivals:
        if one.rulebook:
            kinds.setdefault((one.rulebook, one.period, _medium(one.file)), []).append(one)
    unread = [one for one in arrivals if not one.rulebook]
    if not kinds:
        kinds = {("", "", ""): []}
    first = next(iter(kinds))
    kinds[first] = [*kinds[first], *unread]
    for versions in kinds.values():
        newest = max(versions, key=age)
        older = [one for one in sorted(versions, key=age, reverse=True) if one is not newest]
        same = tuple(one for one in older if newest.sha256 and one.sha256 == newest.sha256)
        superseded = tuple(one for one in older if one not in same)
        yield Received(unit, newest, superseded, same, due is not None and newest.modified > due)


def _medium(file: str) -> str:
    """A text and a workbook of one report are no versions of each other."""
    return "text" if Path(file).suffix.lower() in {".docx", ".docm", ".html", ".htm", ".txt", ".md"} else "table"


_ROUND = (
    re.compile(r"第\s*([0-9]+|[一二三四五六七八九十])\s*[次稿版]"),
    re.compile(r"(?<![a-z])(?:v|ver|version|rev)\s*\.?\s*([0-9]+)", re.IGNORECASE),
    re.compile(r"[(（]([0-9]{1,2})[)）]\s*$"),
)
_AMENDED = re.compile(r"修改|修订|更正|订正|改后|补报|重报|最新|最终|终稿|定稿|final|revised|corrected", re.IGNORECASE)
_CHINESE = "一二三四五六七八九十"


def age(arrival: Arrival) -> tuple[int, int, float, str]:
    """What a later version has more of: the round its name counts, a word such as 修改, then time, then its name."""
    stem = folded(Path(arrival.file).stem)
    rounds = [found[1] for pattern in _ROUND if (found := pattern.search(stem))]
    count = 0
    if rounds:
        count = _CHINESE.index(rounds[0]) + 1 if rounds[0] in _CHINESE else int(rounds[0])
    return count, bool(_AMENDED.search(stem)), arrival.modified, arrival.name


def folded(word: str) -> str:
    """Full-width forms, spaces and case do not tell units apart."""
    return "".join(unicodedata.normalize("NFKC", word).split()).casefold()


_MIDDLE = re.compile(r"[^\W\d_a-z省市县区州盟旗镇乡于送的年月日]")
"""After other characters a name may begin in the middle of a text: 长春市青山镇, but not 大青山镇."""
_AFTER = re.compile(r"$|[\W\d_a-z]|人民政府|政府|关于|年|报|的|修|改|更|补|重|最|终|定|第|信息|政务|填|上|20")
"""With these the text may go on behind a name: 青山镇人民政府, 青山镇年报, but not 青山镇财政所."""
_YEAR = re.compile(r"(?:19|20)\d\d")
"""A code of such digits is a year wherever anything else is said: 青山镇_2024 is not the unit of code 2024."""
_WORD = re.compile(r"[0-9a-z]")


def _whole(text: str, start: int, end: int) -> bool:
    """A code is a number of its own, not a part of a longer one; a name is a whole name."""
    before = text[start - 1] if start else ""
    if text[start:end].isascii():
        if _YEAR.fullmatch(text, start, end) and end - start < len(text):
            return False
        return not (_WORD.match(before) or _WORD.match(text, end))
    return not _MIDDLE.match(before) and _AFTER.match(text, end) is not None


def roster(path: str | Path) -> Roster:
    """Read a roster from a workbook or CSV file.

    Raises:
        Fault: the file cannot be read (exit 2), has no column of names (``roster``, exit 2), or the same unit twice.
    """
    source = load(path)
    try:
        document = read(source)
    except Fault as fault:
        raise Fault(fault.code, fault.message, hint=fault.hint, exit=2) from fault
    for grid in document.grids:
        if (found := _units(grid.rows)) is not None:
            return _checked(source, found)
    raise _wrong(
        source,
        "没有找到“单位”或“名称”这一列",
        "it has no column 单位 or 名称 (name)",
    )


def _units(rows: Sequence[Sequence[Value]]) -> list[Unit] | None:
    for number, row in enumerate(rows[:HEAD]):
        columns = {kind: at for kind in HEADERS if (at := _column(row, kind)) is not None}
        if "name" in columns and len(columns) > 1:
            lines = ({kind: _said(one[at]) for kind, at in columns.items()} for one in rows[number + 1 :])
            return [Unit(**{"code": "", **line}) for line in lines if line["name"]]
    return None


def _column(row: Sequence[Value], kind: str) -> int | None:
    names = {folded(name) for name in HEADERS[kind]}
    return next(
        (at for at, cell in enumerate(row) if isinstance(cell, str) and folded(cell).strip("*：:") in names), None
    )


def _said(cell: Value) -> str:
    """A code that a program made a number is the digits again."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "" if cell is None else str(cell).strip()


def _checked(source: Source, units: list[Unit]) -> Roster:
    seen: dict[str, Unit] = {}
    for unit in units:
        key = folded(unit.code) or folded(unit.name)
        if key in seen:
            who = unit.code or unit.name
            raise _wrong(source, f"“{who}”出现了两次", f'"{who}" is there twice')
        seen[key] = unit
    if not units:
        raise _wrong(source, "没有一个单位", "it has no units")
    return Roster(tuple(units))


def _wrong(source: Source, zh: str, en: str) -> Fault:
    return Fault(
        "roster",
        Text(f"单位名单 {source.name} 不能使用：{zh}。", f"The roster {source.name} cannot be used: {en}."),
        hint=Text(
            "第一行写列名，例如：编号、单位、邮箱、联系人、电话、上级。",
            "Put column names such as 编号, 单位, 邮箱 first.",
        ),
        exit=2,
    )
