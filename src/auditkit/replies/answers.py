"""The words of a reply: columns by their header in either language, and what an office chose."""

from __future__ import annotations

import re
import unicodedata
from typing import Literal

from auditkit.model.words import Text
from auditkit.reports.workbook.listing import ANSWER, ANSWERS, COLUMNS, EXPLANATION, KEY

Decision = Literal["fixed", "true", "rule-wrong"]
DECISIONS: dict[Decision, Text] = dict(zip(("fixed", "true", "rule-wrong"), ANSWERS, strict=True))
_MORE: dict[str, Decision] = {
    "已改正": "fixed",
    "已修改": "fixed",
    "已更正": "fixed",
    "属实": "true",
    "规则错误": "rule-wrong",
    "fixed": "fixed",
    "true": "true",
}
"""Words that were typed where the drop-down could not be used."""
_BRACKETS = re.compile(r"[(\[（【].*$")
_SPARE = re.compile(r"[\s\W_]+")


def plain(text: str) -> str:
    """Width, case, spaces and punctuation unified."""
    return _SPARE.sub("", unicodedata.normalize("NFKC", text).casefold())


def head(text: str) -> str:
    """A column's name without what stands in brackets: ``处理（选）`` is 处理."""
    folded = unicodedata.normalize("NFKC", text).strip()
    return plain(_BRACKETS.sub("", folded)) or plain(folded)


HEADS: dict[str, int] = {head(said): n for n, (name, _) in enumerate(COLUMNS) for said in (name.zh, name.en)}
"""Plain header → number of the column as we wrote it."""
WHERE, RULE = 2, 6
NEEDED = (ANSWER, EXPLANATION, KEY)
_CHOICES: dict[str, Decision] = {
    **{plain(said): decision for decision, text in DECISIONS.items() for said in (text.zh, text.en)},
    **{plain(word): decision for word, decision in _MORE.items()},
}


def decision(answer: str, explanation: str) -> Decision | None:
    """What was decided; words without a choice are an explanation. None where the choice is not one of ours."""
    if not plain(answer):
        return "true" if explanation else None
    return _CHOICES.get(plain(answer))
