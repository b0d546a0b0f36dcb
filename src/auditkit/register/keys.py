"""Texts of a column as ``labels.fold`` compares them, as hashes: who says the same is found among eight bytes a record.

Two texts may have one hash; what a hash says is judged again by the words, wherever it blames anybody.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from auditkit.labels import fold
from auditkit.register.columns import spans
from auditkit.stack import Bools

Hashes = npt.NDArray[np.uint64]
Indexes = npt.NDArray[np.int64]
Octets = npt.NDArray[np.uint8]

WORD = 8
TAIL = np.uint64((1 << 18) - 1)
FACTORS = (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F)
_SAME = np.zeros(256, dtype=np.uint8)
"""What folding makes of a byte where it looks at nothing else; 0 where it does: letters, digits, some signs, Han."""
_SAME[[*b"0123456789abcdefghijklmnopqrstuvwxyz!#$%&*+-/;<=>?@[]\\^_{|}~"]] = [
    *b"0123456789abcdefghijklmnopqrstuvwxyz!#$%&*+-/;<=>?@[]\\^_{|}~"
]
_SAME[[*b"ABCDEFGHIJKLMNOPQRSTUVWXYZ"]] = [*b"abcdefghijklmnopqrstuvwxyz"]
_SAME[0x80:0xC0] = range(0x80, 0xC0)
_SAME[0xE4:0xEA] = range(0xE4, 0xEA)


def folded(column: Any) -> tuple[Hashes, Bools]:
    """A hash of each text, the same for texts that are the same when folded; and which hold more than plain signs."""
    import pyarrow as pa  # noqa: PLC0415 - an extra, for registers alone

    odd = np.zeros(len(column), dtype=bool)
    starts, ends, data = spans(column)
    if not len(data):
        return np.zeros(len(column), dtype=np.uint64), odd
    data = data[starts[0] : ends[-1]]
    starts, ends = starts - starts[0], ends - starts[0]
    same = _SAME[data]
    if same.all():
        return _hashes(same, starts, ends), odd
    kept = data != ord(" ")
    odd = _among((same == 0) & kept, starts, ends) > 0
    at = np.concatenate(([0], np.cumsum(kept)))
    hashes = _hashes(same[kept], at[starts], at[ends])
    if odd.any():
        words = pa.array([fold(text) for text in column.take(np.flatnonzero(odd)).to_pylist()], pa.string())
        first, last, octets = spans(words)
        hashes[odd] = _hashes(octets, first, last)
    return hashes, odd


def _among(marks: Bools, starts: Indexes, ends: Indexes) -> Indexes:
    """How many marks stand in each text."""
    before = np.concatenate(([0], np.cumsum(marks)))
    found: Indexes = before[ends] - before[starts]
    return found


def _hashes(data: Octets, starts: Any, ends: Any) -> Hashes:
    """Each text's bytes, eight at a time, multiplied into one number."""
    length = ends - starts
    words = -(-length // WORD)
    hashes: Hashes = length.astype(np.uint64)
    if len(length) and (length == length[0]).all() and ends[-1] - starts[0] == length.sum():
        _mix(hashes, data[starts[0] : ends[-1]].reshape(len(length), int(length[0])), slice(None))
        return hashes
    for n in np.unique(words).tolist():
        rows = np.flatnonzero(words == n)
        at = starts[rows, np.newaxis] + np.arange(n * WORD)
        inside = at < ends[rows, np.newaxis]
        _mix(hashes, np.where(inside, data[np.minimum(at, len(data) - 1)], 0).astype(np.uint8), rows)
    return hashes


def _mix(hashes: Hashes, texts: Octets, rows: Any) -> None:
    height, width = texts.shape
    full = -(-width // WORD) * WORD
    if not full:
        return
    padded = np.zeros((height, full), dtype=np.uint8)
    padded[:, :width] = texts
    mixed = hashes[rows]
    for word in padded.view(np.uint64).T:
        mixed = (mixed ^ word) * np.uint64(FACTORS[0])
        mixed ^= mixed >> np.uint64(29)
        mixed *= np.uint64(FACTORS[1])
    hashes[rows] = mixed


def twice(hashes: Hashes) -> Bools:
    """Which of the hashes are given more than once."""
    order = np.sort(hashes)
    return among(hashes, order[1:][order[1:] == order[:-1]])


def among(hashes: Hashes, wanted: Hashes) -> Bools:
    """Which of the hashes are wanted; mostly few are, and most others differ from those in their last bits."""
    found = np.zeros(len(hashes), dtype=bool)
    if len(wanted):
        tails = np.zeros(int(TAIL) + 1, dtype=bool)
        tails[wanted & TAIL] = True
        maybe = np.flatnonzero(tails[hashes & TAIL])
        found[maybe] = np.isin(hashes[maybe], wanted)
    return found
