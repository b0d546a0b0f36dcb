"""What binding says in words: tables and lines not found, what was seen instead, and lines the form does not have."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence

from auditkit.bind.headers import Headed, Header
from auditkit.bind.lexicon import AxisName
from auditkit.bind.place import Place
from auditkit.bind.reading import Reading
from auditkit.bind.sheet import Sheet, Spot
from auditkit.labels import label, nearest
from auditkit.model.document import Document, column_letters
from auditkit.model.form import Axis, Table
from auditkit.model.words import Text

NAMED = 3
"""Labels that a sentence names before it says 等."""
TWO = 2
SEEN = 2000
"""Texts among which the nearest is looked for."""


def table_name(table: Table) -> str:
    return f"{table.id} {table.titles[0]}" if table.titles and table.titles[0] else table.id


def address(sheet: Sheet, spot: Spot) -> str:
    """``表三!D5``, as people write it."""
    cell = f"{column_letters(spot[1])}{spot[0] + 1}"
    return f"{sheet.grid.name}!{cell}" if sheet.grid.name else cell


def missing(table: Table, places: Sequence[Headed], sheets: Sequence[Sheet], document: Document) -> Text:
    """Why a table was not found: what was looked for, and the nearest words seen."""
    name = table_name(table)
    with_header = [one for one in places if one.headers]
    if not with_header:
        place = max((one.place for one in places), key=lambda place: len(_found(place, "columns")), default=None)
        lacking = _lacking(table.columns, _found(place, "columns") if place else frozenset(), table.optional)
        zh, en = f"没有列{_zh(lacking)}", f"no column {_en(lacking)}"
        near = place and lacking and _instead(place, lacking[0])
        near = near or (_nearest(lacking[0], [place.sheet] if place else sheets) if lacking else None)
    else:
        best = max(with_header, key=lambda one: len(_found(one.place, "rows")))
        lacking = _lacking(table.rows, _found(best.place, "rows"), table.optional)
        zh, en = f"表头下没有行{_zh(lacking)}", f"no row {_en(lacking)} below its header"
        free = _stub(best.place.sheet, best.headers[0]).difference(c.spot for c in best.place.candidates["rows"])
        near = _nearest(lacking[0], [best.place.sheet], free) if lacking else None
    if not lacking:
        zh, en = "列名和行名的位置对不上", "its labels do not stand as rows and columns"
    if near:
        zh, en = f"{zh}，最接近的是{near}", f"{en}; nearest: {near}"
    if document.pictures:
        zh, en = f"{zh}；文件里的图片无法检查", f"{en}; pictures in the file cannot be checked"
    return Text(f"没有找到表 {name}：{zh}。", f"Table {name} was not found: {en}.")


def _instead(place: Place, words: str) -> str | None:
    """What stands where a column should: the one label between those that stand beside it in the form."""
    lines = place.table.columns.lines
    index = next(i for i, line in enumerate(lines) if words in line.labels)
    beside = [[c.spot for c in place.candidates["columns"] if c.line == index + step] for step in (-1, 1)]
    for row, left in beside[0]:
        end = min((column for at, column in beside[1] if at == row and column > left), default=None)
        between = [spot for spot in place.sheet.words if spot[0] == row and left < spot[1] < (end or left + TWO)]
        if len(between) == 1 and (end or index == len(lines) - 1):
            return _quoted(place.sheet, between[0])
    return None


def tied(table: Table, readings: Sequence[Reading]) -> Text:
    """Several places fit a table equally."""
    spots = [address(reading.sheet, (reading.top, min(reading.columns))) for reading in readings][:NAMED]
    return Text(
        f"表 {table_name(table)} 有几处都对得上（{'、'.join(spots)}），无法判断是哪一处；请只留一处，或写上表名。",
        f"Table {table_name(table)} fits several places ({', '.join(spots)}); keep one, or give it its caption.",
    )


def newest(reading: Reading, older: Sequence[Reading]) -> Text:
    """Sheets of earlier years stand beside this year's."""
    name, others = reading.sheet.grid.name, [one.sheet.grid.name for one in older][:NAMED]
    return Text(
        f"工作簿里有几个年度的表，查的是“{name}”；没有查{'、'.join(f'“{other}”' for other in others)}。",
        f"The workbook holds several years; “{name}” was checked, not {', '.join(f'“{other}”' for other in others)}.",
    )


def shared(table: Table, other: Table) -> Text:
    """Two tables of the form fit the same cells."""
    one, two = table_name(table), table_name(other)
    return Text(
        f"表 {one} 和表 {two} 对上了同一些单元格，无法判断是哪一张；请写上表名。",
        f"Tables {one} and {two} fit the same cells; give them their captions.",
    )


def rivals(reading: Reading, spots: Sequence[Spot]) -> Text:
    """A second label says the same as a bound one and belongs to no other table."""
    cells = [address(reading.sheet, spot) for spot in spots][:NAMED]
    name = table_name(reading.table)
    return Text(
        f"表 {name} 的列名重复（{'、'.join(cells)}），无法判断是哪一列；请把列名改成表样的写法。",
        f"Table {name}: a column label is repeated ({', '.join(cells)}); label the columns as the form does.",
    )


def notes(reading: Reading, extra: Iterable[Spot]) -> Iterator[Text]:
    """A hidden sheet, lines not found, lines the form does not have."""
    id_, sheet = reading.table.id, reading.sheet
    if sheet.grid.pasted:
        yield _pasted(reading)
        return
    if sheet.grid.hidden:
        name = sheet.grid.name
        yield Text(f"{id_}：取自隐藏的工作表“{name}”。", f"{id_}: taken from the hidden sheet “{name}”.")
    if lacking := [*reading.lacking]:
        yield Text(
            f"{id_}：没有{_zh(lacking)}，求和时不计，单独用到的不检查。",
            f"{id_}: no {_en(lacking)}; sums leave them out, what needs them is not checked.",
        )
    yield from _crossed(reading)
    ties = dict(reading.tied)
    for index, row in enumerate(reading.rows):
        if row is None and not _may_be_absent(reading, index):
            yield _absent(reading, index, ties.get(index, ()))
    for spot in extra:
        words, cell = " ".join(sheet.words[spot].split()), address(sheet, spot)
        yield Text(
            f"{id_}：表样里没有“{words}”（{cell}），没有检查。",
            f"{id_}: the form has no “{words}” ({cell}); it was not checked.",
        )


def _crossed(reading: Reading) -> Iterator[Text]:
    """Two rows with each other's numbers: （一）部分公开 and （二）予以公开 are the other way round in the form."""
    sheet, at = reading.sheet, {spot[0]: spot for spot in sorted(reading.labels)}
    rows = zip(reading.table.rows.lines, reading.rows, strict=True) if reading.declared is None else ()
    bound = [(line, at[row]) for line, row in rows if row in at and line.labels]
    numbers = {(line.path, label(line.labels[0]).number): spot for line, spot in bound}
    for (path, number), spot in numbers.items():
        other = numbers.get((path, label(sheet.words[spot]).number))
        if number and other is not None and spot < other and label(sheet.words[other]).number == number:
            one, two = _quoted(sheet, spot), _quoted(sheet, other)
            yield Text(
                f"{reading.table.id}：{one}和{two}的序号与表样正好相反，请核对两行的数。",
                f"{reading.table.id}: {one} and {two} have each other's number in the form; check both rows.",
            )


def _may_be_absent(reading: Reading, index: int) -> bool:
    """Records that the form itself names need not be there, and an empty list has no total."""
    records, line = reading.table.records, reading.table.rows.lines[index]
    if line.name in reading.table.optional:
        return True
    return records is not None and (records.name in line.path or not any(row is not None for row in reading.rows))


def _pasted(reading: Reading) -> Text:
    """A table rebuilt from lines of text: what was recognised, in one sentence."""
    table, name = reading.table, reading.sheet.grid.name
    lines = [line for line, at in zip(table.rows.lines, reading.rows, strict=True) if at is None]
    zh = f"{table.id}：贴在文字里的表按行名还原为“{name}”"
    en = f"{table.id}: a table pasted into the text was rebuilt by its labels as “{name}”"
    if lines:
        labels = [line.labels[0] if line.labels else line.name for line in lines]
        zh += f"；{len(lines)}行没有认出，没有检查：{_zh(labels)}"
        en += f"; {len(lines)} rows were not recognised and not checked: {_en(labels)}"
    return Text(f"{zh}。", f"{en}.")


def _absent(reading: Reading, index: int, spots: Sequence[Spot]) -> Text:
    line, id_ = reading.table.rows.lines[index], reading.table.id
    words = line.labels[0] if line.labels else line.name
    if spots:
        cells = [address(reading.sheet, spot) for spot in spots][:NAMED]
        return Text(
            f"{id_}：行“{words}”有几处都对得上（{'、'.join(cells)}），没有检查。",
            f"{id_}: row “{words}” fits several places ({', '.join(cells)}); it was not checked.",
        )
    beside = _stub(reading.sheet, reading.headers[0]) if reading.headers else {*reading.sheet.words}
    near = _nearest(words, [reading.sheet], beside.difference(reading.labels))
    return Text(
        f"{id_}：没有找到行“{words}”{f'，最接近的是{near}' if near else ''}，没有检查。",
        f"{id_}: row “{words}” was not found{f'; nearest: {near}' if near else ''}; it was not checked.",
    )


def _stub(sheet: Sheet, header: Header) -> set[Spot]:
    """Where the labels of a header's rows may stand."""
    return {spot for spot in sheet.words if spot[0] > header.bottom and spot[1] < min(header.columns)}


def _nearest(word: str, sheets: Sequence[Sheet], among: Collection[Spot] | None = None) -> str | None:
    texts = {
        text: (sheet, spot)
        for sheet in reversed(sheets)
        for spot, text in reversed([*sheet.words.items()][:SEEN])
        if among is None or spot in among
    }
    found = nearest(word, reversed(texts))
    return _quoted(*texts[found]) if found else None


def _quoted(sheet: Sheet, spot: Spot) -> str:
    return f"“{' '.join(sheet.words[spot].split())}”（{address(sheet, spot)}）"


def _found(place: Place, axis: AxisName) -> frozenset[int]:
    return frozenset(candidate.line for candidate in place.candidates[axis])


def _lacking(axis: Axis, found: frozenset[int], optional: frozenset[str]) -> list[str]:
    lines = (line for index, line in enumerate(axis.lines) if index not in found and any(line.labels))
    return [line.labels[0] for line in lines if line.name not in optional]


def _zh(labels: Sequence[str]) -> str:
    return "".join(f"“{label}”" for label in labels[:NAMED]) + ("等" if len(labels) > NAMED else "")


def _en(labels: Sequence[str]) -> str:
    return ", ".join(f"“{label}”" for label in labels[:NAMED]) + (" …" if len(labels) > NAMED else "")
