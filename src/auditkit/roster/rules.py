"""What is checked of every form as soon as there is a roster, in words."""

from __future__ import annotations

from collections.abc import Iterable

from auditkit.model.finding import Finding, RuleNote
from auditkit.model.words import Text

_RULES = (
    RuleNote(
        id="RS101",
        name=Text("单位不一致", "unit"),
        level="soft",
        message=Text(
            "文件名和内容应是同一个单位。", "The name of the file and its content must speak of the same unit."
        ),
        spoken=Text(
            "文件名中的单位，是表题或正文标题中的单位。", "The unit of the file name is the unit of its title."
        ),
        source="",
        why=Text(
            "交错了文件，或在别家的表上改数，都会一家重复、一家漏报。",
            "A file sent for another, or made from another's, leaves one unit twice and one without a report.",
        ),
        repair=Text(
            "核对是哪个单位的数。错在文件名就改名重报，错在表题就改表题，交错了就重交。",
            "See whose figures they are: rename the file, correct its title, or send the right file.",
        ),
    ),
    RuleNote(
        id="RS102",
        name=Text("下级单位齐全", "subordinate units"),
        level="soft",
        message=Text("每个下级单位都要有可用的报表，才能核对汇总数。", "Every subordinate unit needs a usable report."),
        spoken=Text("名单上级一栏是本单位的，都有报表。", "Every unit that reports to this one has a report."),
        source="",
        why=Text(
            "少一个单位，合计就对不上，差额也说明不了什么。",
            "Where one is missing, no difference of sums means anything.",
        ),
        repair=Text("催报缺的单位，或请其重交；齐了再查一次。", "Get the missing reports, then check again."),
    ),
    RuleNote(
        id="RS103",
        name=Text("两家报的数相同", "same figures"),
        level="soft",
        message=Text("两个单位报的数不应全部相同。", "Two units do not report the very same figures."),
        spoken=Text(
            "下级单位的各格，不全与另一单位或上级的相同。",
            "No unit's cells are all those of another, or of its superior.",
        ),
        source="",
        why=Text(
            "多半是误发了别家的表，或发了汇总表，汇总时会重复计算。",
            "One probably sent another's file, or the roll-up.",
        ),
        repair=Text("核对这两个单位各是哪份数，交错的重交。", "See whose figures they are, and get the right file."),
    ),
    RuleNote(
        id="RS104",
        name=Text("差额正是一家的数", "one unit's figures"),
        level="info",
        message=Text(
            "汇总数与下级之和的差额，正好是一个单位的数。", "The differences are exactly what one unit reported."
        ),
        spoken=Text("各处差额不都等于同一个下级单位的数。", "The differences are not all one unit's figures."),
        source="",
        why=Text("这个单位多半被重复计算，或被漏掉。", "That unit was probably counted twice, or left out."),
        repair=Text("核对汇总时这个单位计了几次。", "See how often the roll-up counts that unit."),
    ),
)
NOTES = {note.id: note for note in _RULES}
"""Code → what a report and ``explain`` say of it."""


def noted(findings: Iterable[Finding], rules: tuple[RuleNote, ...]) -> tuple[RuleNote, ...]:
    """The rulebook's rules, and before them ours that found something."""
    ours = dict.fromkeys(finding.rule for finding in findings if finding.rule in NOTES)
    return (*(NOTES[code] for code in ours), *rules)
