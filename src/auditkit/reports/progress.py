"""What became of each finding since the round before, said alike in every output."""

from __future__ import annotations

from auditkit.model.finding import Finding, Result, State, Status
from auditkit.model.words import EMPTY, Text

STATES: dict[State, Text] = {
    "new": Text("新", "new"),
    "still open": Text("仍未改", "still open"),
    "to judge": Text("已说明待审", "explained, to be judged"),
    "refused": Text("说明未获同意", "explanation refused"),
    "accepted": Text("已同意", "accepted"),
    "lapsed": Text("已失效", "explanation lapsed"),
}
STATUSES: dict[Status, Text] = {
    "fail": STATES["new"],
    "explained": STATES["accepted"],
    "not checked": Text("未查", "not checked"),
    "error": Text("规则出错", "rule broke"),
}
FOOTNOTE = Text("脚注已说明", "explained in a footnote")
REPAIRED = Text("已改好", "corrected")
UNSURE = Text("未能复查", "could not be checked again")


def state(finding: Finding, result: Result) -> Text:
    """Of a finding of now, or of one of the round before that is gone."""
    if finding in result.round.repaired:
        return REPAIRED
    if finding in result.round.unsure:
        return UNSURE
    if finding.footnote and finding.status == "explained":
        return FOOTNOTE
    return STATUSES[finding.status] if finding.status != "fail" else STATES[result.round.state(finding.key)]


def mark(finding: Finding, result: Result) -> Text:
    """``[仍未改] `` before a finding where there is something to say; in a first round nothing is."""
    said = state(finding, result)
    silent = finding.status == "fail" and result.round.number == 1 and said == STATES["new"]
    return EMPTY if silent else Text(f"[{said.zh}] ", f"[{said.en}] ")


def progress(result: Result) -> Text:
    """``与上一次相比：已改好 3 处，仍未改 1 处，新 0 处。``; empty in the first round."""
    if result.round.number == 1 or result.faults:
        return EMPTY
    shown = [(text, n) for text, n in tally(result) if n or text in _ALWAYS]
    return Text(
        f"与上一次相比：{'，'.join(f'{text.zh} {n} 处' for text, n in shown)}。",
        f"Since the last round: {', '.join(f'{n} {text.en}' for text, n in shown)}.",
    )


_ALWAYS = (REPAIRED, STATES["still open"], STATES["new"])


def tally(result: Result) -> list[tuple[Text, int]]:
    """Each state with its number of findings, what was corrected first."""
    states = [state(finding, result) for finding in result.findings]
    return [
        (REPAIRED, len(result.round.repaired)),
        *((text, states.count(text)) for text in STATES.values()),
        (UNSURE, len(result.round.unsure)),
    ]
