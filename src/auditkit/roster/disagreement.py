"""The one finding that needs a roster: a file named for one unit that speaks of another."""

from __future__ import annotations

from auditkit.model.document import Place
from auditkit.model.finding import Finding, Result, RuleNote, key_of
from auditkit.model.words import Text

RULE = RuleNote(
    id="RS101",
    name=Text("单位不一致", "unit"),
    level="soft",
    message=Text("文件名和内容应是同一个单位。", "The name of the file and its content must speak of the same unit."),
    spoken=Text("文件名中的单位，是表题或正文标题中的单位。", "The unit of the file name is the unit of its title."),
    source="",
    why=Text(
        "交错了文件，或在别家的表上改数，都会一家重复、一家漏报。",
        "A file sent for another, or made from another's, leaves one unit twice and one without a report.",
    ),
    repair=Text(
        "核对是哪个单位的数。错在文件名就改名重报，错在表题就改表题，交错了就重交。",
        "See whose figures they are: rename the file, correct its title, or send the right file.",
    ),
)


def disagreement(said: Text, result: Result) -> Finding:
    """The finding for a result that is told under the unit it counts for; ``said`` names both units."""
    unit = result.unit_code or result.unit
    return Finding(
        rule=RULE.id,
        name="unit",
        level=RULE.level,
        status="fail",
        key=key_of("roster", RULE.id, unit, result.period, "", "", ""),
        values=key_of("roster", said.zh, "", "", "", "", ""),
        message=RULE.message,
        arithmetic=said,
        place=Place(result.file),
    )
