"""Files → replies. A row is known by its key alone; what cannot be read is handed back with the reason."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from auditkit import readers
from auditkit.model.document import Source
from auditkit.model.words import Fault, Text
from auditkit.replies.answers import DECISIONS, Decision, decision
from auditkit.replies.properties import Stamp, stamp
from auditkit.replies.sheet import KEY_SHAPE, Line, List, Trouble, find, lines


@dataclass(frozen=True)
class Reply:
    """What an office answered to one finding."""

    key: str
    unit: str
    """From the document properties; empty where they were lost."""
    rule: str
    """As it stands in the row."""
    where: str
    decision: Decision
    text: str
    """The explanation; may be empty."""
    file: str
    row: int
    """Row of the sheet, from 1."""
    run: str = ""
    round: int = 0


@dataclass(frozen=True)
class Unreadable:
    """A file, or a row of it, that was not read, and why. ``code`` is stable."""

    file: str
    code: str
    why: Text
    row: int = 0
    """From 1; 0 for the whole file."""

    def to(self, language: str) -> str:
        """One line: file, row, reason."""
        zh = language == "zh"
        at = f"{self.file} 第 {self.row} 行" if zh else f"{self.file} row {self.row}"
        said = self.why.zh if zh else self.why.en
        return f"{at if self.row else self.file}{'：' if zh else ': '}{said}"


_TROUBLE: dict[Trouble, Text] = {
    "no list": Text(
        "没有“问题清单”，可能不是审核结果，或另存时删了这张表。请用原结果文件填写。",
        "there is no sheet “Findings”: perhaps no result of ours, or it was deleted. Use the original result file.",
    ),
    "no key column": Text(
        "找不到“编号”列，可能另存时删了整列，一行也没有读。请用原结果文件填写。",
        "the column “Key” is missing, perhaps deleted when saving; nothing was read. Use the original result file.",
    ),
    "no reply columns": Text(
        "找不到“处理”和“说明”两列，一行也没有读。请用原结果文件填写。",
        "the columns “Answer” and “Explanation” are missing; nothing was read. Use the original result file.",
    ),
    "two columns": Text(
        "“编号”“处理”或“说明”列出现两次，不知以哪列为准，一行也没有读。请删去多余的列。",
        "“Key”, “Answer” or “Explanation” stands there twice; nothing was read. Delete the spare column.",
    ),
}


def read(paths: Iterable[str | Path]) -> list[Reply | Unreadable]:
    """Replies of these workbooks (xlsx, xls, ods, et), file by file, row by row.

    Rows that were left unanswered give nothing. A row with an answer and without a sound key is never guessed at:
    it comes back as ``Unreadable``, as does a file without the key column.
    """
    return [one for path in paths for one in _of_path(path)]


def _of_path(path: str | Path) -> Iterator[Reply | Unreadable]:
    try:
        source = readers.load(path)
    except Fault as fault:
        yield Unreadable(Path(path).name, fault.code, Text(fault.to("zh"), fault.to("en")))
        return
    yield from read_source(source)


def read_source(source: Source) -> Iterator[Reply | Unreadable]:
    """As ``read``, for bytes already in hand."""
    try:
        document = readers.read(source)
    except Fault as fault:
        yield Unreadable(source.name, fault.code, Text(fault.to("zh"), fault.to("en")))
        return
    found = find(document)
    if isinstance(found, List):
        yield from _rows(found, source.name, stamp(source) or Stamp())
    else:
        yield Unreadable(source.name, found, _TROUBLE[found])


def _rows(found: List, file: str, of: Stamp) -> Iterator[Reply | Unreadable]:
    answered = [line for line in lines(found) if line.answer or line.explanation]
    told: dict[str, set[tuple[Decision | None, str]]] = {}
    for line in answered:
        told.setdefault(line.key, set()).add((decision(line.answer, line.explanation), line.explanation))
    read_before: set[str] = set()
    for line in answered:
        why = _why_not(line, len(told[line.key]))
        if why is not None:
            yield Unreadable(file, *why, line.row)
        elif line.key not in read_before:
            read_before.add(line.key)
            made = decision(line.answer, line.explanation)
            assert made is not None
            yield Reply(
                line.key, of.unit, line.rule, line.where, made, line.explanation, file, line.row, of.run, of.round
            )


def _why_not(line: Line, answers: int) -> tuple[str, Text] | None:
    if not line.key:
        return "no key", Text("这一行没有编号，没有读。", "this row has no key; not read.")
    if not KEY_SHAPE.fullmatch(line.key):
        key = line.key[:40]
        return "key damaged", Text(f"编号“{key}”已被改动，没有读。", f"the key “{key}” was altered; not read.")
    if answers > 1:
        said = Text("同一编号有两种回答，没有读。", "two different answers for one key; not read.")
        return "two answers", said
    if decision(line.answer, line.explanation) is None:
        zh, en = ("、".join(DECISIONS[d].zh for d in DECISIONS), ", ".join(DECISIONS[d].en for d in DECISIONS))
        return "unknown answer", Text(
            f"“处理”写的是“{line.answer[:40]}”，应选：{zh}。", f"the answer is “{line.answer[:40]}”; choose: {en}."
        )
    return None
