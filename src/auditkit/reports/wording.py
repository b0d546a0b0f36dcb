"""What reports for people say in both languages: verdict, counts, suspicions, gaps, what to do."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from auditkit.model.document import Place
from auditkit.model.finding import EXPECTED_GAPS, Finding, Reason, Result, Suspect, Verdict
from auditkit.model.words import EMPTY, LEVEL_NAMES, LEVELS, Text
from auditkit.reports.grouping import weighty

VERDICTS: dict[Verdict, Text] = {
    "return": Text("退回修改", "Return for correction"),
    "explain": Text("待说明", "To explain"),
    "pass": Text("通过", "Pass"),
    "not checked": Text("未能全部检查", "Not fully checked"),
}
MARKS: dict[Verdict, str] = {"return": "×", "explain": "▲", "pass": "√", "not checked": "○"}
NEARLY_ALL = 0.99
MOST_NAMED = 4
"""Cells of a line named in a sentence before it says how many there are."""
UNREADABLE = Text("无法检查", "Could not be checked")

REASONS: dict[Reason, Text] = {
    "blank": Text("空白格", "blank cell"),
    "text": Text("格中是文字", "text in the cell"),
    "error value": Text("格中是错误值", "error value in the cell"),
    "uncalculated": Text(
        "公式没有存结果：请在 Excel 或 WPS 中打开并保存", "formula never calculated: open in Excel or WPS and save"
    ),
    "table missing": Text("没有找到表", "table not found"),
    "unknown form": Text("不属于已知表式的表", "table of no known form"),
    "line missing": Text("没有找到行或列", "row or column not found"),
    "no such row": Text("另一张表没有这一行", "no such row in the other table"),
    "no last year": Text("没有上年年报", "no report for last year"),
    "not stated": Text("文中没有写", "not stated in the text"),
    "no children": Text("没有下级单位的报表", "no reports of subordinate units"),
    "zero base": Text("除数为 0", "division by zero"),
    "picture": Text("是图片，不是表", "a picture, not a table"),
}


def joined(texts: Iterable[Text], zh: str, en: str) -> Text:
    """Texts joined in each language by its own separator."""
    listed = list(texts)
    return Text(zh.join(text.zh for text in listed), en.join(text.en for text in listed))


def file_name(result: Result) -> str:
    """The file's own name: where it lies with whoever checked it is nobody else's business."""
    return re.split(r"[/\\!]", result.file)[-1]


def verdict(result: Result) -> Text:
    """``× 退回修改``."""
    said = UNREADABLE if result.faults else VERDICTS[result.verdict]
    mark = MARKS[result.verdict]
    return Text(f"{mark} {said.zh}", f"{mark} {said.en}")


def subject(result: Result) -> Text:
    """``青山镇 · 2021年 · 政府信息公开工作年度报告``, or the file's name where nothing was recognised."""
    period = (
        Text(f"{result.period}年", result.period) if result.period.isdecimal() else Text(result.period, result.period)
    )
    unit = Text(result.unit, result.unit)
    parts = [part for part in (unit, period, result.title) if part.zh or part.en]
    return joined(parts, " · ", " · ") if parts else Text(file_name(result), file_name(result))


def counts(result: Result) -> Text:
    """``必须改 7 处，须说明 1 处``; empty when nothing is open."""
    plural = {"hard": "{} must be fixed", "soft": "{} to explain", "info": "{} to note"}
    found = [(level, result.count(level)) for level in LEVELS if result.count(level)]
    return joined((Text(f"{LEVEL_NAMES[v].zh} {n} 处", plural[v].format(n)) for v, n in found), "，", ", ")


def problems(result: Result) -> Text:
    """The counts, what putting the suspected cells right would clear, what could not be checked; or the faults."""
    if result.faults:
        return joined((Text(fault.to("zh"), fault.to("en")) for fault in result.faults), "\n", "\n")
    said, lost = counts(result), unchecked(result)
    if said.zh:
        parts = [Text(f"{said.zh}。", f"{said.en}."), *([_clearing(result)] if result.suspects else [])]
    elif result.verdict == "not checked":
        parts = [Text("没有发现问题，但没有全部检查。", "No problem was found, but not everything was checked.")]
    else:
        parts = [Text("没有需要处理的问题。", "Nothing needs doing.")]
    return joined([*parts, *([lost] if lost.zh else [])], "", " ")


def _clearing(result: Result) -> Text:
    """What putting the suspected places right would do."""
    places, cleared = len(result.suspects), len({k for s in result.suspects for k in s.clears})
    first = likely(result.suspects[0])
    if cleared == 1:
        return Text(f"最可能的是 {first.zh}。", f"Most likely {first.en}.")
    what, what_en = ("个单元格", "cell") if result.suspects[0].places[0].row >= 0 else ("处", "place")
    return Text(
        f"改对 {places} {what}（{'' if places == 1 else '先看 '}{first.zh}）可同时消除其中 {cleared} 处。",
        f"Putting {places} {what_en}{'s' * (places > 1)} right ({'' if places == 1 else 'first '}{first.en})"
        f" would clear {cleared} of them.",
    )


def unchecked(result: Result) -> Text:
    """``未能检查：没有找到表四；公式没有存结果：请在 Excel 或 WPS 中打开并保存（70 项）。``, or nothing."""
    said = [*result.missing.values()]
    for reason, n in result.unchecked.items():
        if reason not in EXPECTED_GAPS and not (reason == "table missing" and result.missing):
            said.append(Text(f"{REASONS[reason].zh}（{n} 项）", f"{REASONS[reason].en} ({n})"))
    lost = joined(said, "；", "; ")
    return Text(f"未能检查：{lost.zh}。", f"Not checked: {lost.en}.") if said else EMPTY


def checks(result: Result) -> Text:
    """``共查 225 项，通过 217，未通过 8，未查 0``, with the reasons of what was not checked."""
    failed = sum(t.failed for t in result.tallies.values())
    broken = sum(t.errors for t in result.tallies.values())
    footnotes = sum(f.footnote and f.status == "explained" for f in result.findings)
    accepted = sum(t.explained for t in result.tallies.values()) - footnotes
    parts = [
        Text(f"共查 {result.asked} 项", f"{result.asked} checks"),
        Text(f"通过 {result.passed}", f"{result.passed} passed"),
        Text(f"未通过 {failed}", f"{failed} failed"),
        *([Text(f"已同意说明 {accepted}", f"{accepted} explained and accepted")] if accepted else []),
        *([Text(f"脚注已说明 {footnotes}", f"{footnotes} explained in a footnote")] if footnotes else []),
        *([Text(f"规则出错 {broken}", f"{broken} where the rule broke")] if broken else []),
        gaps(result.unchecked),
    ]
    return joined(parts, "，", ", ")


def gaps(unchecked: Mapping[Reason, int]) -> Text:
    """``未查 8（没有上年年报 8）``."""
    total = sum(unchecked.values())
    said = joined((Text(f"{REASONS[r].zh} {n}", f"{REASONS[r].en}: {n}") for r, n in unchecked.items()), "；", "; ")
    zh, en = f"未查 {total}", f"{total} not checked"
    return Text(f"{zh}（{said.zh}）", f"{en} ({said.en})") if total else Text(zh, en)


def location(place: Place, result: Result) -> Text:
    """Where, with the file's name when it is another file."""
    other = f"{place.file} " if place.file not in _own(result) else ""
    return Text(f"{other}{place.to('zh')}", f"{other}{place.to('en')}")


def _own(result: Result) -> Sequence[str]:
    return (result.file,) if result.document is None else (result.file, result.document.name)


def cells(finding: Finding, result: Result, most: int = 8) -> Text:
    """Every cell that took part, with its value: ``J5 12，D5 8``; zeros of a long sum are counted, not listed.

    Empty when the finding is about one place alone.
    """
    placed = [term for term in finding.terms if term.place is not None]
    if len(placed) < 2:
        return EMPTY
    kept = [(term, _short(term.place, finding, result)) for term in weighty(finding, most) if term.place is not None]
    said = [Text(f"{at.zh} {_brief(term.value)}", f"{at.en} {_brief(term.value)}") for term, at in kept[:most]]
    if len(kept) > most:
        said.append(Text(f"等 {len(kept)} 处", f"{len(kept)} in all"))
    if zeros := len(placed) - len(kept):
        said.append(Text(f"其余 {zeros} 格为 0", f"the other {zeros} are 0"))
    return joined(said, "，", ", ")


def _brief(value: str, most: int = 16) -> str:
    return value if len(value) <= most else f"{value[:most]}……"


def _short(place: Place, finding: Finding, result: Result) -> Text:
    """The address alone where the sheet is the finding's own."""
    same = (place.file, place.sheet) == (finding.place.file, finding.place.sheet) and place.row >= 0
    return Text(place.address, place.address) if same else location(place, result)


def likely(suspect: Suspect) -> Text:
    """``表三!D5：8→9``; of a tie all cells, joined by "or"; cells that are wrong together by "and"."""
    alternatives = zip(suspect.places, suspect.current, suspect.proposed, strict=True)
    said = [
        Text(
            f"{place.to('zh')}：{now or '空白'}→{then or '？'}",
            f"{place.to('en')}: {now or 'blank'}→{then or '?'}",
        )
        for place, now, then in alternatives
    ]
    if suspect.together and len(said) > MOST_NAMED:
        n = len(said)
        said = [*said[:MOST_NAMED], Text(f"……等 {n} 格", f"… {n} cells")]
        return joined(said, "、", ", ")
    return joined(said, " 和 ", " and ") if suspect.together else joined(said, " 或 ", " or ")


def suspicion(suspect: Suspect, *, listed: bool = True) -> Text:
    """The whole sentence about a suspected cell or a tie of cells; ``listed`` where its findings stand below it."""
    n = len(suspect.clears)
    below = Text(f"下面 {n} 处", f"the {n} below") if listed else Text(f" {n} 处", f"{n} finding{'s' * (n > 1)}")
    if suspect.together:
        return Text(
            f"这 {len(suspect.places)} 格可能同时有误：{likely(suspect).zh}。都改可消除{below.zh}，请核对台账。",
            f"These {len(suspect.places)} cells are probably wrong together: {likely(suspect).en}."
            f" Correcting them clears {below.en}. Check your records.",
        )
    if len(suspect.places) > 1:
        return Text(
            f"这 {len(suspect.places)} 格之一可能有误：{likely(suspect).zh}。改对其一可消除{below.zh}，请核对台账。",
            f"One of these {len(suspect.places)} cells is probably wrong: {likely(suspect).en}."
            f" The right one clears {below.en}. Check your records.",
        )
    where, name, now, then = suspect.places[0], suspect.names[0], suspect.current[0], suspect.proposed[0]
    return Text(
        f"{where.to('zh')}（{name.zh}）现为 {now or '空白'}。{f'改为 {then} ' if then else '改正它'}"
        f"可{'同时' if n > 1 else ''}消除{below.zh}，请核对台账。",
        f"{where.to('en')} ({name.en}) is {now or 'blank'}. {f'Making it {then}' if then else 'Correcting it'}"
        f" would clear {below.en}. Check your records.",
    )


def reasons(suspect: Suspect) -> Text:
    """The likely slip and why it is believed; empty when neither is known."""
    slip = [Text(f"可能是：{suspect.slip.zh}", f"Likely: {suspect.slip.en}")] if suspect.slip is not None else []
    return joined((*slip, *suspect.because), "；", "; ")


def quoted(finding: Finding, result: Result, around: int = 60) -> tuple[str, str, str]:
    """The sentence a prose finding is about: before the span, the span, after it; the span empty where unknown."""
    start, end = finding.place.start, finding.place.end
    text = _paragraph(finding, result)
    if not 0 <= start < end <= len(text):
        return finding.quote, "", ""
    at = text.find(finding.quote) if finding.quote else -1
    first, last = (
        (at, at + len(finding.quote)) if 0 <= at <= start and end <= at + len(finding.quote) else (0, len(text))
    )
    head = ("……" if start - first > around else "") + text[max(first, start - around) : start]
    tail = text[end : min(last, end + around)] + ("……" if last - end > around else "")
    return head, text[start:end], tail


def _paragraph(finding: Finding, result: Result) -> str:
    paragraphs = result.document.paragraphs if result.document is not None else ()
    return next((p.text for p in paragraphs if p.number == finding.place.paragraph), finding.quote)


def what_to_do(result: Result, deadline: str, contact: str) -> tuple[Text, ...]:
    """Numbered steps for the office, by when and whom to ask."""
    by = Text(f"于{deadline}前", f" by {deadline}") if deadline else EMPTY
    ask = [Text(f"说明不清的，请联系：{contact}。", f"Questions: {contact}.")] if contact else []
    if result.faults:
        return (Text(f"请{by.zh}按上面的提示重新提交。", f"Please send the report again{by.en}."), *ask)
    match result.verdict:
        case "pass":
            return (Text("不用回复。", "No reply needed."),)
        case "not checked" if not result.count("soft"):
            why = "See what was not checked and why, then send the report again"
            return (Text(f"请{by.zh}按“未查”的原因处理后重新提交。", f"{why}{by.en}."), *ask)
        case _:
            return (
                Text("① 改您自己的原表，不改本文件；", "1. Correct your own report, not this file."),
                Text(
                    "② 属实不用改的，在“问题清单”的“说明”列写明原因；认为规则不对的，选“规则有误”；",
                    "2. Where nothing is wrong, say why in the column “Explanation” of “Findings”;"
                    " where the rule is wrong, choose that.",
                ),
                Text(
                    f"③ 请{by.zh}回复，附上改好的原表和本文件。",
                    f"3. Reply{by.en} with the corrected report and this file.",
                ),
                *ask,
            )


def confidence(suspect: Suspect) -> Text:
    """How often the evidence is right, in words that do not promise more than was measured."""
    if suspect.confidence >= NEARLY_ALL:
        return Text("模拟错误中，此类证据几乎都指对。", "Such evidence was right in nearly all simulated slips.")
    share = f"{suspect.confidence * 100:.0f}%"
    return Text(f"模拟错误中，此类证据有 {share} 指对。", f"Such evidence was right in {share} of simulated slips.")
