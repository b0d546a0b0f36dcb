"""Foreign text made harmless: characters that XML forbids, and text that a spreadsheet would take for a formula."""

from __future__ import annotations

import re

_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_LIVE = re.compile(r"[\s\u200b\ufeff]*[=+\-@＝＋－＠]|[\t\r]")
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)%?\Z")


def legal(text: str) -> str:
    """The text with ``�`` for what no XML document and no UTF-8 file may hold."""
    return text if text.isprintable() else _ILLEGAL.sub("\ufffd", text)


def is_live(text: str) -> bool:
    """Whether a spreadsheet could take the text for a formula when it is typed, pasted or opened from CSV."""
    if text[:1].isalnum():
        return False  # most texts are told by their first letter
    return _LIVE.match(text) is not None and _NUMBER.match(text) is None


def defused(text: str) -> str:
    """The text as a CSV field that stays text: an apostrophe before what would be a formula."""
    return f"'{text}" if is_live(text) else text
