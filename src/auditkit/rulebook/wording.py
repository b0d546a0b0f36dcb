"""What is wrong with a value in a rulebook, in the words of those who write them."""

from __future__ import annotations

import re
from typing import Any

from rapidfuzz import process

from auditkit.model.words import Text

_WANTED: dict[str, Text] = {
    "string_type": Text("这里应是文字", "text is wanted here"),
    "list_type": Text("这里应是列表，如 [甲, 乙]", "a list is wanted here, such as [a, b]"),
    "dict_type": Text("这里应是“名称: 内容”", 'entries such as "name: content" are wanted here'),
    "float_parsing": Text("这里应是一个数", "a number is wanted here"),
    "int_parsing": Text("这里应是整数", "a whole number is wanted here"),
    "bool_parsing": Text("这里应是 true 或 false", "true or false is wanted here"),
}
_BOTH = Text(
    "要中英文各一句，如 {zh: 收办平衡, en: balance}", "wants both languages, such as {zh: 收办平衡, en: balance}"
)
_SECTION = Text("这里应是下面缩进的几项", "indented entries are wanted below it")
_PATTERNS: dict[str, Text] = {
    "^[A-Z]": Text(
        "编号是二至四个大写字母加三位数字，如 GK304", "a code is two to four capitals and three digits: GK304"
    ),
    "^[a-z]": Text(
        "只能用小写字母、数字和“-”，字母开头", "lower-case letters, digits and hyphens only, a letter first"
    ),
    "^[A-Za-z_": Text(
        "名称只能用汉字、字母、数字和“_”，不能有空格和标点，也不能以数字开头",
        "a name has letters, Chinese characters, digits and _ only, and no digit first",
    ),
}
_QUOTED = re.compile(r"'([^']*)'")


def wrong(error: dict[str, Any]) -> Text:
    """The sentence for one of pydantic's errors; a kind not known here is told in pydantic's own words."""
    kind, context = error["type"], error.get("ctx") or {}
    if kind == "literal_error":
        return _one_of(str(error.get("input")), _QUOTED.findall(str(context["expected"])))
    if kind == "model_type":
        return _BOTH if context.get("class_name") == "Both" else _SECTION
    if kind == "string_pattern_mismatch":
        heads = (head for head in sorted(_PATTERNS, key=len, reverse=True) if context["pattern"].startswith(head))
        if head := next(heads, None):
            return _PATTERNS[head]
    return _WANTED.get(kind, Text(error["msg"], error["msg"]))


def _one_of(found: str, allowed: list[str]) -> Text:
    near = process.extractOne(found, allowed, score_cutoff=50)
    zh, en = f"只能是 {'、'.join(allowed)}", f"it is one of {', '.join(allowed)}"
    return Text(f"{zh}；是不是“{near[0]}”？", f'{en}; did you mean "{near[0]}"?') if near else Text(zh, en)
