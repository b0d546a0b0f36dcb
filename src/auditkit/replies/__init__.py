"""Returned workbooks read back: each reply by the key in its row to its finding; what is not read is said."""

from auditkit.replies.answers import Decision
from auditkit.replies.matching import Answered, Matched, match
from auditkit.replies.reading import Reply, Unreadable, read, read_source
from auditkit.replies.stamp import Stamp, stamp

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
