"""The one finding that needs a roster: a file named for one unit that speaks of another."""

from __future__ import annotations

import re

from auditkit.model.document import Place
from auditkit.model.finding import Finding, Result, key_of
from auditkit.model.words import Text
from auditkit.roster.rules import NOTES

RULE = NOTES["RS101"]
_FILE, _FOLDER = ("文件名", "file"), ("文件夹", "folder")
_REGION = re.compile(r"^.*[省市县区州盟旗](?=..)")
_KIND = re.compile(r"([镇乡局院校厅站所省市县区]|街道|学校|中学|小学|公司)(?:人民政府|办事处|机关)?$")


def differing(by_name: str, told: str, *, is_folder: bool) -> Text:
    """What is said where both are on the roster."""
    zh, en = _FOLDER if is_folder else _FILE
    return Text(
        f"{zh}是{by_name}的，内容是{told}的；按内容算作{told}，请核对。",
        f"The {en} is named for {by_name} but its content is {told}'s; it counts for {told}. Check which is right.",
    )


def not_listed(by_name: str, told: str, *, is_folder: bool) -> Text | None:
    """What is said where the content names an office that is not on the roster; nothing if it may be the same.

    A county in the title of a bureau's report, or an office that issued the form, is no other unit: kinds must agree.
    """
    kinds = {found[1] if (found := _KIND.search(name)) else "" for name in (told, by_name)}
    if len(kinds) > 1 or "" in kinds or _is_short_for(told, by_name) or _is_short_for(by_name, told):
        return None
    zh, en = _FOLDER if is_folder else _FILE
    return Text(
        f"{zh}是{by_name}的，内容写的是{told}，名单上没有；按{zh}算作{by_name}，请核对。",
        f"The {en} is named for {by_name} but its content says {told}, which is not on the roster; "
        f"it counts for {by_name}. Check which is right.",
    )


def _is_short_for(short: str, name: str) -> bool:
    """发改局 for 某县发展和改革局: all its characters in their order, whatever the place before it."""
    rest = iter(name)
    return all(char in rest for char in _REGION.sub("", short))


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
