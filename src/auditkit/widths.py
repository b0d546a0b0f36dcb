"""Full-width forms, odd spaces and odd dashes to the plain characters they stand for, and nothing else."""

from __future__ import annotations

import unicodedata
from itertools import chain

FOLD = {ord("\u3000"): " "}
FOLD |= {ord(c): " " for c in "\t\r\n\u00a0\u2002\u2003\u2009\u202f"}
FOLD |= dict.fromkeys((65279, 8203, 8206, 8207, 8288), "")
FOLD |= dict.fromkeys((8722, 65123, 8208, 8209, 8210), "-")
# Only forms that mean the plain character. All of NFKC would read ① as 1 and ½ as 1⁄2.
FOLD |= {c: unicodedata.normalize("NFKC", chr(c)) for c in chain(range(0xFF01, 0xFF5F), range(0x2F00, 0x2FD6))}
FOLD |= {0xFFE5: "¥", 0xFE6A: "%", 0xFE69: "$"}
"""For ``str.translate``."""
