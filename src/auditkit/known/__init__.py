"""Accepted explanations: kept in a file, bound to the values they explain, judged and let go; and rounds compared."""

from auditkit.known.boilerplate import Boilerplate, boilerplate, says_nothing
from auditkit.known.decisions import accept, add, prune, refuse
from auditkit.known.entries import Entry, Signed, load, parse, save
from auditkit.known.excuse import Applied, Remark, apply
from auditkit.known.following import Following
from auditkit.known.pending import waiting
from auditkit.known.rounds import rounds
from auditkit.known.sent import Sent, read_lines, sent

__all__ = [
    "Applied",
    "Boilerplate",
    "Entry",
    "Following",
    "Remark",
    "Sent",
    "Signed",
    "accept",
    "add",
    "apply",
    "boilerplate",
    "load",
    "parse",
    "prune",
    "read_lines",
    "refuse",
    "rounds",
    "save",
    "says_nothing",
    "sent",
    "waiting",
]
