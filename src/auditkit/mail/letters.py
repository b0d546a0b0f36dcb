"""What a message says: subject and body in the unit's language, the verdict first."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from auditkit.model.finding import Result, Verdict
from auditkit.model.words import EMPTY, LEVEL_NAMES, LEVELS, Language, Level, Text
from auditkit.reports import wording
from auditkit.reports.grouping import entries

Outcome = Verdict | Literal["unreadable", "missing"]
OUTCOMES: tuple[Outcome, ...] = ("return", "explain", "not checked", "unreadable", "pass", "missing")
WORST: tuple[Outcome, ...] = ("return", "unreadable", "not checked", "explain", "pass")
NAMES: dict[Outcome, Text] = {
    "return": wording.VERDICTS["return"],
    "explain": wording.VERDICTS["explain"],
    "not checked": wording.VERDICTS["not checked"],
    "pass": wording.VERDICTS["pass"],
    "unreadable": wording.UNREADABLE,
    "missing": Text("尚未收到", "Not received"),
}
LISTED = 3
"""Findings named in a letter."""
_COUNTS: dict[Level, str] = {"hard": "{} must be fixed", "soft": "{} to explain", "info": "{} to note"}
_SAFE = re.compile(r"[A-Za-z0-9]+(?:[-_][A-Za-z0-9]+)*")


class Unit(Protocol):
    """A line of the roster."""

    @property
    def code(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def email(self) -> str: ...
    @property
    def language(self) -> str: ...


@dataclass(frozen=True)
class Sender:
    """Who writes, and what only the sender knows."""

    address: str
    name: str = ""
    reply_to: str = ""
    """A box that somebody reads."""
    deadline: str = ""
    """A date as it should be read, such as ``1月28日``."""
    contact: str = ""
    """Whom to ask, with a telephone number."""
    link: str = ""
    """Where the result waits, when it is not attached."""


@dataclass(frozen=True)
class Letter:
    """What one unit is told in one round."""

    unit: Unit
    outcome: Outcome
    title: Text
    """``2021年政府信息公开工作年度报告``."""
    counts: Text = EMPTY
    details: Text = EMPTY
    """The likely cell, or why the file could not be read."""
    campaign: str = ""
    """Form and period: messages of later rounds of the same one are threaded."""


def letter(unit: Unit, results: Sequence[Result], title: Text = EMPTY) -> Letter:
    """One letter over all submissions of a unit; without any, that nothing was received (``title`` says of what)."""
    if not results:
        return Letter(unit, "missing", title)
    outcome = min((outcome_of(result) for result in results), key=WORST.index)
    first = next((r for r in results if r.rulebook), results[0])
    said = [text for r in results for text in (wording.problems(r), *_first(r))]
    return Letter(
        unit,
        outcome,
        title if title.zh else _title(first),
        _counts(results),
        wording.joined((_flat(text) for text in said), "\n", "\n"),
        f"{first.rulebook}:{first.period}",
    )


def _first(result: Result) -> Iterator[Text]:
    """The first things to put right, each in a line; the workbook has all."""
    listed = [entry.finding for entry in entries(result) if entry.finding.status == "fail"]
    for finding in listed[:LISTED]:
        where = wording.location(finding.place, result)
        yield Text(f"· {where.zh} {finding.message.zh}", f"- {where.en} {finding.message.en}")
    if more := len(listed[LISTED:]):
        yield Text(f"· 另 {more} 处见附件。", f"- {more} more are in the attachment.")


def outcome_of(result: Result) -> Outcome:
    return "unreadable" if result.faults else result.verdict


def _title(result: Result) -> Text:
    period = result.period
    if not result.title.zh:
        return Text(wording.file_name(result), wording.file_name(result))
    zh = f"{period}年" if period.isdecimal() else period
    return Text(f"{zh}{result.title.zh}", f"{period} {result.title.en}".strip())


def _counts(results: Sequence[Result]) -> Text:
    """``必须改 7 处，须说明 1 处`` over all of them."""
    found = [(level, sum(r.count(level) for r in results)) for level in LEVELS if level != "info"]
    texts = (Text(f"{LEVEL_NAMES[v].zh} {n} 处", _COUNTS[v].format(n)) for v, n in found if n)
    return wording.joined(texts, "，", ", ")


def _flat(text: Text) -> Text:
    return Text(" ".join(text.zh.split("\n")), " ".join(text.en.split("\n")))


def slug(name: str) -> str:
    """The name where it may stand in an address, else a short hash of it."""
    return name if _SAFE.fullmatch(name) else f"u{hashlib.sha256(name.encode()).hexdigest()[:10]}"


def unit_id(unit: Unit) -> str:
    """By which the ledger knows a unit: its code, or its name where there is none."""
    return unit.code or unit.name


def token(unit: Unit, run: str, turn: int) -> str:
    """``AK-R20220118-01-220281-007-1``: survives replying and forwarding."""
    return f"AK-{slug(run)}-{slug(unit_id(unit))}-{turn}"


def subject(said: Letter, run: str, turn: int, language: Language) -> str:
    """Verdict, what, whom, how much, and the token; one line."""
    unit, mark = said.unit, token(said.unit, run, turn)
    name, title, counts = (NAMES[said.outcome].to(language), said.title.to(language), said.counts.to(language))
    if language == "zh":
        line = f"【{name}】{title}{'' if said.outcome == 'missing' else '审核结果'}—{unit.name}"
        line += f"（{counts}）" if counts else ""
    else:
        line = f"[{name}] {title}{'' if said.outcome == 'missing' else ', result'} - {unit.name}"
        line += f" ({counts})" if counts else ""
    return f"{' '.join(line.split())}{'' if language == 'zh' else ' '}[{mark}]"


def body(said: Letter, sender: Sender, run: str, turn: int, language: Language, *, notify_only: bool = False) -> str:
    """The same three lines as the first sheet, by when, whom to ask, and that a program wrote it."""
    lines = [
        _greeting(said.unit),
        _verdict(said),
        *([] if notify_only else [said.details]),
        _todo(said, sender, notify_only),
        *([Text(f"说明不清的，可联系：{sender.contact}。", f"Questions: {sender.contact}.")] if sender.contact else []),
        _footer(said, token(said.unit, run, turn), notify_only),
    ]
    return "\n".join(line.to(language) for line in lines if line.to(language)) + "\n"


def _greeting(unit: Unit) -> Text:
    return Text(f"{unit.name}：", f"{unit.name}:")


def _verdict(said: Letter) -> Text:
    name, title = NAMES[said.outcome], said.title
    if said.outcome == "missing":
        return Text(f"尚未收到您单位的《{title.zh}》。", f"Your {title.en} has not been received.")
    return Text(f"您单位报送的《{title.zh}》审核结果：{name.zh}。", f"Result for your {title.en}: {name.en.lower()}.")


def _todo(said: Letter, sender: Sender, notify_only: bool) -> Text:
    by = Text(f"于 {sender.deadline} 前", f" by {sender.deadline}") if sender.deadline else EMPTY
    if said.outcome == "missing":
        return Text(
            f"请{by.zh}报送；已报送的请回复本邮件说明。", f"Please send it{by.en}, or reply if you already did."
        )
    if notify_only:
        link = sender.link or Text("（请向我们索取）", "(please ask us)").zh
        zh = f"审核结果不随邮件发送，请到 {link} 查看{f'，并{by.zh}处理' if by.zh and said.outcome != 'pass' else ''}。"
        return Text(
            zh, f"The result is not sent by mail. See {sender.link or 'our office'}; please act{by.en or ' soon'}."
        )
    match said.outcome:
        case "pass":
            return Text("不用回复。", "No reply needed.")
        case "unreadable" | "not checked":
            attached = "和附件" if said.outcome == "not checked" else ""
            return Text(
                f"请{by.zh}按上面{attached}所写的原因处理后，直接回复本邮件重新报送，主题请勿改动。",
                f"Please put this right and send the report again{by.en} as a reply to this message. Keep the subject.",
            )
        case _:
            return Text(
                f"请{by.zh}直接回复本邮件，附上改好的原表和已填“说明”的审核结果表，主题请勿改动。",
                f"Please reply to this message{by.en} with the corrected report and the result workbook,"
                " its explanation column filled in. Keep the subject.",
            )


def _footer(said: Letter, mark: str, notify_only: bool) -> Text:
    attached = not notify_only and said.outcome not in {"missing", "unreadable", "pass"}
    zh, en = ("附件不含宏。", " The attachment contains no macros.") if attached else ("", "")
    return Text(f"（本邮件由程序生成，编号 {mark}。{zh}）", f"(Sent by a program, number {mark}.{en})")
