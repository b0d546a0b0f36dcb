"""How people come to write one number for another, how often, and the words for it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from math import log10

from rapidfuzz.distance import OSA

from auditkit.model.words import Text
from auditkit.suspects.system import Quantity

EVENT = 25
"""Points for a slip to happen in a given cell at all: about 1 cell in 300."""

KINDS: Mapping[str, int] = {
    "formula range": 0,
    "blank": 6,
    "line of blanks": 6,
    "not a number": 6,
    "digits swapped": 8,
    "digit replaced": 8,
    "digit missing": 8,
    "digit extra": 8,
    "sign": 8,
    "decimal point": 8,
    "total not updated": 8,
    "omitted": 9,
    "copied last year": 9,
    "unit factor": 10,
    "ratio for percent": 10,
    "swapped cells": 10,
    "copied neighbour": 11,
    "line factor": 12,
    "line shifted": 12,
    "line of last year": 12,
    "line of totals": 12,
    "misplaced amount": 13,
    "other": 14,
}
"""Kind → points (decibans, 10 = ten times rarer). Nearly flat on purpose: the mix of slips differs from office to
office, and what tells two explanations apart is how many other numbers the same slip could have produced (``spread``).
Published counts of digit slips: 112 replaced, 15 missing, 11 extra, 14 swapped of 152 (Scholtus 2009)."""

TOGETHER = frozenset(
    {
        "swapped cells",
        "misplaced amount",
        "line factor",
        "line shifted",
        "line of last year",
        "line of totals",
        "line of blanks",
        "several cells",
    }
)
"""Kinds whose changes belong together: all of these cells, not one of them."""

SMALL = 10
"""Numbers below it equal others by chance: that is said, and counts for nothing."""

POWERS = (1, 2, 3, 4, 6)


@dataclass(frozen=True, slots=True)
class Slip:
    """A reading of one change: what probably happened, and how far-fetched that is (points, lower is likelier)."""

    kind: str
    points: int
    words: Text


@dataclass(frozen=True, slots=True)
class Sum:
    """The parts of the sum a cell is the total of; empty when it is none."""

    parts: tuple[Decimal, ...] = ()


def read(quantity: Quantity, needed: Decimal, total: Sum) -> Slip:
    """The likeliest slip that turns ``needed`` into what the cell shows. Deterministic; ties by the order of KINDS."""
    found = Decimal(0) if quantity.value is None else quantity.value
    shown = written(found, quantity.step), written(needed, printed_step(quantity))
    readings = [_other(quantity, found, shown), *_context(quantity, found, needed, shown, total)]
    if not quantity.formula:
        readings += _typing(quantity, found, needed, shown)
    rarity = _rarity(quantity, found, needed, total)
    best = min(readings, key=lambda slip: (slip.points, tuple(KINDS).index(slip.kind)))
    return Slip(best.kind, EVENT + best.points + rarity, best.words)


def points_of(count: float) -> int:
    """``count`` equally likely possibilities, in points."""
    return round(10 * log10(count))


def size(value: Decimal, step: Decimal) -> int:
    """How rare one particular number of this size is: 0 costs nothing, the chance falls as 1 / value."""
    return 7 + points_of(float(abs(value) / step)) if abs(value) >= step else 0


def printed_step(quantity: Quantity) -> Decimal:
    """One unit of the last digit a right value would show: a count has no decimals, whatever stands there now."""
    return max(quantity.step, Decimal(1)) if quantity.whole else quantity.step


def written(value: Decimal, step: Decimal) -> str:
    """As printed without separators: with the decimals of the cell's step, or more where the value needs them."""
    whole, _, decimals = f"{value:f}".partition(".")
    _, _, shown = f"{step:f}".partition(".")
    decimals = decimals.rstrip("0").ljust(len(shown), "0")
    return f"{whole}.{decimals}" if decimals else whole


def _rarity(quantity: Quantity, found: Decimal, needed: Decimal, total: Sum) -> int:
    """A part is free to be any number, large ones are rarer; a total is what its parts make it."""
    return 0 if total.parts else size(needed, quantity.step) - size(found, quantity.step)


def _other(quantity: Quantity, found: Decimal, shown: tuple[str, str]) -> Slip:
    if quantity.value is None and quantity.text:
        words = Text(
            f"“{quantity.text}”不是数，按其余各数应为 {shown[1]}",
            f'"{quantity.text}" is no number; the others make it {shown[1]}',
        )
        return Slip("not a number", KINDS["not a number"], words)
    if not quantity.text and found == 0:
        words = Text(f"空白，应为 {shown[1]}", f"blank, should be {shown[1]}")
        return Slip("blank", KINDS["blank"], words)
    if found == 0:
        words = Text(f"漏填：写着 {shown[0]}，应为 {shown[1]}", f"left out: {shown[0]} for {shown[1]}")
        return Slip("omitted", KINDS["omitted"], words)
    words = Text(f"现为 {shown[0]}，应为 {shown[1]}", f"{shown[0]}, should be {shown[1]}")
    return Slip("other", KINDS["other"] + size(found, quantity.step), words)


def _context(quantity: Quantity, found: Decimal, needed: Decimal, shown: tuple[str, str], total: Sum) -> Iterator[Slip]:
    """Slips that come from another cell: copied, not updated, a formula that misses a line."""
    now, right = shown
    if quantity.formula_gap is not None:
        gap = quantity.formula_gap
        words = Text(f"{gap.zh}：{now} 应为 {right}", f"{gap.en}: {now} for {right}")
        yield Slip("formula range", KINDS["formula range"], words)
    parts = [part for part in total.parts if part]
    missed = parts.count(needed - found)
    if missed and len(parts) > 1:
        less = written(needed - found, quantity.step)
        words = Text(
            f"合计未更新：{now} 少加了一项 {less}，应为 {right}", f"total not updated: {now} leaves out {less}, {right}"
        )
        yield Slip("total not updated", KINDS["total not updated"] + points_of(len(parts) / missed), words)
    small = KINDS["other"] + size(found, quantity.step) - 1 if abs(found) < SMALL * quantity.step else 0
    if found and found == quantity.last:
        words = Text(f"仍是上年的数：{now} 应为 {right}", f"still last year's number: {now} for {right}")
        yield Slip("copied last year", small or KINDS["copied last year"], words)
    if found and found in quantity.neighbours:
        words = Text(
            f"与相邻格相同，疑为抄错格：{now} 应为 {right}", f"copied from the cell beside it: {now} for {right}"
        )
        spread = points_of(len(quantity.neighbours))
        yield Slip("copied neighbour", small or KINDS["copied neighbour"] + spread, words)


def _typing(quantity: Quantity, found: Decimal, needed: Decimal, shown: tuple[str, str]) -> Iterator[Slip]:
    """Slips of the hand: sign, unit, decimal point, digits."""
    if found == 0 or needed == 0:
        return
    now, right = shown
    if found == -needed:
        yield Slip("sign", KINDS["sign"], Text(f"正负号错误：{now} 应为 {right}", f"wrong sign: {now} for {right}"))
    yield from _scaled(quantity, found, needed, shown)
    if (found < 0) == (needed < 0):
        yield from _digits(_typed(found, quantity.step), _typed(needed, quantity.step), shown)


def _typed(value: Decimal, step: Decimal) -> str:
    """The digits somebody typed: 12 for 1.2万 as for 1.2; empty where the value is finer than its step."""
    count = abs(value) / step
    return str(int(count)) if count == int(count) else ""


def _scaled(quantity: Quantity, found: Decimal, needed: Decimal, shown: tuple[str, str]) -> Iterator[Slip]:
    """The same digits at another magnitude."""
    now, right = shown
    power = next((k for k in POWERS if found.scaleb(k) == needed or needed.scaleb(k) == found), None)
    if power is None:
        return
    times = f"10^{power}" if power > 1 else "10"
    if quantity.percent and power == 2:
        words = Text(f"比率与百分数混淆：{now} 应为 {right}", f"ratio for percent: {now} for {right}")
        yield Slip("ratio for percent", KINDS["ratio for percent"], words)
    elif "." in now or "." in right or "." in quantity.text:
        words = Text(f"小数点位置错误：{quantity.text or now} 应为 {right}", f"decimal point: {now} for {right}")
        yield Slip("decimal point", KINDS["decimal point"], words)
    else:
        words = Text(
            f"差 {times} 倍（如单位元与万元）：{now} 应为 {right}", f"off by a factor of {times}: {now} for {right}"
        )
        yield Slip("unit factor", KINDS["unit factor"] + points_of(len(POWERS)), words)


def _digits(now: str, right: str, shown: tuple[str, str]) -> Iterator[Slip]:
    """One typing slip apart (optimal string alignment). One-digit numbers tell nothing (Scholtus 2009)."""
    if not now or not right or max(len(now), len(right)) < 2 or OSA.distance(now, right, score_cutoff=1) != 1:
        return
    said = f"{shown[0]} 应为 {shown[1]}", f"{shown[0]} for {shown[1]}"
    if len(now) < len(right):
        spread = points_of(len(right))
        yield Slip(
            "digit missing",
            KINDS["digit missing"] + spread,
            Text(f"少一位数字：{said[0]}", f"a digit missing: {said[1]}"),
        )
    elif len(now) > len(right):
        spread = points_of(10 * len(now))
        yield Slip(
            "digit extra", KINDS["digit extra"] + spread, Text(f"多一位数字：{said[0]}", f"a digit too many: {said[1]}")
        )
    elif sorted(now) == sorted(right):
        spread = points_of(max(1, len(right) - 1))
        yield Slip(
            "digits swapped",
            KINDS["digits swapped"] + spread,
            Text(f"两个数字颠倒：{said[0]}", f"two digits swapped: {said[1]}"),
        )
    else:
        spread = points_of(9 * len(right))
        yield Slip(
            "digit replaced",
            KINDS["digit replaced"] + spread,
            Text(f"一位数字写错：{said[0]}", f"one digit wrong: {said[1]}"),
        )
