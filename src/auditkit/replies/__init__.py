"""Returned workbooks read back: each reply by the key in its row to its finding; what is not read is said."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from auditkit.replies.answers import Decision
    from auditkit.replies.matching import Answered, Matched, match
    from auditkit.replies.properties import Stamp, stamp
    from auditkit.replies.reading import Reply, Unreadable, read, read_source

__all__ = [
    "Answered",
    "Decision",
    "Matched",
    "Reply",
    "Stamp",
    "Unreadable",
    "match",
    "read",
    "read_source",
    "stamp",
]
_ROOMS = {
    **dict.fromkeys(("Answered", "Matched", "match"), "matching"),
    **dict.fromkeys(("Reply", "Unreadable", "read", "read_source"), "reading"),
    **dict.fromkeys(("Stamp", "stamp"), "properties"),
    "Decision": "answers",
}


def __getattr__(name: str) -> Any:
    """Names of the rooms within, entered when first asked for: the commands are listed without opening a workbook."""
    if name not in _ROOMS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"auditkit.replies.{_ROOMS[name]}"), name)
