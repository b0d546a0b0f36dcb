"""The sheets of a rule workbook: which field stands in which column, and how it is written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from auditkit.authoring.cells import CHOICES, LABELS, LEVEL, LINES, MORE, PAIRS, TEXT, YES, Kind
from auditkit.model.words import Language, Text

COVER, FORMS, RULES, PROSE, FACTS, CASES, WORDS = "封面", "表样", "规则", "文字规则", "正文数据", "例子", "译名"
GOOD, LAST, LISTS = "样表", "上年样表", "词表"
FIRST = 2
"""Row of the first entry, from 0: above it are the names people read and, hidden, the names of the fields."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column; ``field`` is ``message::zh`` for one language of a sentence and ``periods.from`` for an inner key."""

    field: str
    head: Text
    kind: Kind = TEXT
    width: float = 24


def _both(field: str, zh: str, en: str, width: float = 40) -> tuple[Column, Column]:
    return (
        Column(f"{field}::zh", Text(zh, f"{en} (zh)"), TEXT, width),
        Column(f"{field}::en", Text(f"{zh}（英文）", f"{en} (en)"), TEXT, width),
    )


_REST = Column("more", Text("其他", "more"), MORE, 16)
_WHY = (*_both("why", "为什么", "why"), *_both("often", "常见错", "often"), *_both("repair", "怎么改", "repair"))
_BASIS = Column("basis", Text("依据", "basis"), TEXT, 30)
_ID, _LEVEL = Column("id", Text("编号", "code"), TEXT, 9), Column("level", Text("级别", "level"), LEVEL, 9)

COLUMNS: dict[str, tuple[Column, ...]] = {
    COVER: (
        Column("rulebook", Text("规则簿", "rulebook")),
        Column("version", Text("版本", "version")),
        *_both("title", "名称", "title"),
        Column("titles", Text("识别用的标题（每行一个）", "titles that recognise it (one a line)"), LINES),
        _BASIS,
        Column("period", Text("报告期", "period")),
        Column("periods.from", Text("适用年度自", "from year")),
        Column("periods.to", Text("适用年度至", "to year")),
        Column("retired", Text("停用编号: 现用编号", "retired code: code now"), PAIRS),
        Column("tests.good", Text("样表文件", "good sample")),
        Column("tests.last", Text("上年样表文件", "last year's sample")),
        _REST,
    ),
    FORMS: (
        Column("table", Text("表", "table"), TEXT, 8),
        Column("part", Text("项", "part"), TEXT, 8),
        Column("name", Text("名称", "short name"), TEXT, 16),
        Column("group", Text("上级", "group"), TEXT, 16),
        Column("label", Text("表上的字（每行一种写法）", "words in the form (one wording a line)"), LABELS, 50),
        Column("cells", Text("单元格", "cells"), TEXT, 10),
        Column("blank", Text("空白", "blank"), TEXT, 10),
        Column("unit", Text("单位", "unit"), TEXT, 8),
        Column("required", Text("必有", "required"), YES, 6),
        Column("codes.cells", Text("单元格编号", "code of cells"), TEXT, 10),
        Column("codes.blank", Text("空白编号", "code of blanks"), TEXT, 10),
        _REST,
    ),
    RULES: (
        _ID,
        _LEVEL,
        *_both("name", "名称", "name", 14),
        Column("for", Text("适用", "for"), TEXT, 20),
        Column("when", Text("条件", "when"), TEXT, 24),
        Column("check", Text("规则", "check"), TEXT, 50),
        *_both("message", "提示", "message"),
        *_WHY,
        _BASIS,
        Column("tolerance", Text("容差", "tolerance"), TEXT, 8),
        Column("explainable", Text("可说明", "explainable"), YES, 8),
        _REST,
    ),
    PROSE: (
        _ID,
        _LEVEL,
        Column("check", Text("检查", "check"), TEXT, 18),
        *_both("name", "名称", "name", 16),
        *_both("message", "提示", "message"),
        *_WHY,
        _BASIS,
        Column("words", Text("用词", "words"), CHOICES, 30),
        Column("holds", Text("没有问题的句子（每行一个）", "sentences that hold (one a line)"), LINES, 50),
        Column("breaks", Text("有问题的句子（每行一个）", "sentences that break it (one a line)"), LINES, 50),
        _REST,
    ),
    FACTS: (
        Column("name", Text("名称", "name"), TEXT, 18),
        Column("find", Text("写法（每行一种）", "wordings (one a line)"), LABELS, 60),
        Column("words", Text("可以互换的词", "words for one another"), CHOICES, 50),
        Column("within", Text("同段前文须有", "before it in the paragraph"), LINES),
        Column("after", Text("同句前文须有", "before it in the sentence"), LINES),
        Column("not_after", Text("同句前文不得有", "not before it in the sentence"), LINES),
        Column("where", Text("在哪里找", "where"), LINES, 12),
        Column("every", Text("找全部", "every one"), YES, 8),
        _REST,
    ),
    CASES: (
        Column("set", Text("改本年", "changes this year"), PAIRS, 44),
        Column("last_year", Text("改上年", "changes last year"), PAIRS, 44),
        Column("expect", Text("应发现（每行一处）", "expected (one a line)"), LINES, 30),
        Column("children", Text("改下级", "changes in the subordinate unit"), PAIRS, 44),
        _REST,
    ),
    WORDS: (
        Column("language", Text("语言", "language"), TEXT, 8),
        Column("name", Text("名称", "short name"), TEXT, 24),
        Column("words", Text("译名", "words"), TEXT, 40),
    ),
}


def written(entry: dict[str, Any], sheet: str, language: Language) -> Iterator[str]:
    """The cells of one entry; what no column can hold goes to the last one, so nothing is lost."""
    rest = dict(entry)
    for column in COLUMNS[sheet]:
        if column.field == "more":
            yield column.kind.write(rest, language) if rest else ""
            continue
        value, found = _taken(rest, column)
        yield column.kind.write(value, language) if found else ""


def _taken(rest: dict[str, Any], column: Column) -> tuple[Any, bool]:
    """The column's value, taken out of what is left of the entry."""
    if "::" in column.field:
        return _one_language(rest, column)
    outer, _, inner = column.field.partition(".")
    if outer not in rest:
        return None, False
    if not inner:
        return (rest.pop(outer), True) if column.kind.fits(rest[outer]) else (None, False)
    nested = rest[outer]
    if not isinstance(nested, dict) or inner not in nested or not column.kind.fits(nested[inner]):
        return None, False
    rest[outer] = {key: value for key, value in nested.items() if key != inner}
    if not rest[outer]:
        del rest[outer]
    return nested[inner], True


def _one_language(rest: dict[str, Any], column: Column) -> tuple[Any, bool]:
    """A sentence in one language; a name in one word for both stands under Chinese alone."""
    key, _, language = column.field.partition("::")
    value = rest.get(key)
    if isinstance(value, str) and language == "zh":
        del rest[key]
        return value, True
    if not isinstance(value, dict) or set(value) != {"zh", "en"} or not all(isinstance(v, str) for v in value.values()):
        return None, False
    if language == "en":
        return rest.pop(key)["en"], True
    return value["zh"], True


def put(entry: dict[str, Any], column: Column, value: Any) -> None:
    """The opposite of taking: set the column's value in an entry."""
    outer, _, inner = column.field.partition(".")
    key, _, language = column.field.partition("::")
    if column.field == "more":
        for name, one in value.items():
            merged = isinstance(one, dict) and isinstance(entry.get(name), dict)
            entry[name] = {**entry[name], **one} if merged else one
    elif language == "zh":
        entry[key] = value
    elif language == "en":
        entry[key] = {"zh": entry[key], "en": value} if isinstance(entry.get(key), str) else {"en": value}
    elif inner:
        entry.setdefault(outer, {})[inner] = value
    else:
        entry[outer] = value
