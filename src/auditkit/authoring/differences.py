"""``rules diff``: what changed between two rulebooks, and on a folder what comes of it, as lines to print."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from auditkit import rulebook
from auditkit.authoring.compare import KINDS, Change, compare
from auditkit.authoring.effects import Effects, effects
from auditkit.model.finding import Verdict
from auditkit.model.words import Language, Text

_VERDICTS: dict[Verdict, Text] = {
    "pass": Text("通过", "pass"),
    "explain": Text("待说明", "to explain"),
    "return": Text("退回", "return"),
    "not checked": Text("未查", "not checked"),
}
_NAMED = 8
"""Files named for each change of verdict."""


def differences(old: str, new: str, folder: Path | None, language: Language, last: Path | None = None) -> Iterator[str]:
    """Lines to print.

    Raises:
        Fault: as ``rulebook.find``.
    """
    before, after = rulebook.find(old), rulebook.find(new)
    changes = compare(before, after)
    for change in changes:
        yield _line(change, language)
    if not changes:
        yield Text("两个规则簿没有不同", "the two rulebooks do not differ").to(language)
    if folder is not None:
        paths = sorted(p for p in folder.rglob("*") if p.is_file() and not p.name.startswith(("~$", ".")))
        yield from _told(effects(before, after, paths, last), language)


def _line(change: Change, language: Language) -> str:
    head = " ".join(filter(None, (change.what, KINDS[change.kind].to(language), change.field.to(language))))
    before, after = change.before.to(language), change.after.to(language)
    if change.kind == "changed":
        empty = Text("（无）", "(none)").to(language)
        return (
            f"{head}：{before or empty} → {after or empty}"
            if language == "zh"
            else f"{head}: {before or empty} → {after or empty}"
        )
    return f"{head} {before or after}".rstrip()


def _told(found: Effects, language: Language) -> Iterator[str]:
    yield ""
    for code in sorted({*found.findings[0], *found.findings[1]}):
        (was, now), (of, by) = ([side[code] for side in pair] for pair in (found.findings, found.units))
        if was != now:
            zh, en = (
                f"{code}  {was} 处（{of} 份）→ {now} 处（{by} 份）",
                f"{code}  {was} ({of} files) → {now} ({by} files)",
            )
            yield Text(zh, en).to(language)
    moved = [(_VERDICTS[a], _VERDICTS[b], files) for (a, b), files in sorted(found.moved.items())]
    for a, b, files in moved:
        shown = ", ".join(files[:_NAMED]) + (" …" if len(files) > _NAMED else "")
        yield f"  {a.to(language)} → {b.to(language)} {len(files)}: {shown}"
    yield Text(
        f"{found.files} 份中 {found.files - found.unmoved} 份结论改变，{found.unmoved} 份不变",
        f"{found.files} files: {found.files - found.unmoved} verdicts change, {found.unmoved} stay",
    ).to(language)
