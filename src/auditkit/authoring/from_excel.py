"""A rule workbook → a rulebook folder, or every mistake in it with its sheet and cell (``规则!E7``)."""

from __future__ import annotations

import csv
import tempfile
from io import StringIO
from pathlib import Path

from auditkit import readers, rulebook
from auditkit.authoring.columns import COVER, GOOD, LAST
from auditkit.authoring.source import Data, as_yaml, read_yaml
from auditkit.authoring.taken import Taken, shown, taken_from
from auditkit.authoring.to_excel import SUFFIX
from auditkit.deliver import deliver
from auditkit.model.document import Grid
from auditkit.model.rule import Origin
from auditkit.model.words import Fault, Text
from auditkit.rulebook import assemble
from auditkit.rulebook.tree import Path as TreePath
from auditkit.rulebook.tree import Tree


class Refused(Fault):
    """A rule workbook with mistakes; ``mistakes`` are (``规则!E7``, sentence), in the order of the sheets."""

    def __init__(self, name: str, mistakes: list[tuple[str, Text]]) -> None:
        zh, en = ("\n".join(f"{at}：{text.zh}" for at, text in mistakes), [f"{at}: {t.en}" for at, t in mistakes])
        super().__init__(
            "rule-sheet",
            Text(
                f"{name} 有 {len(mistakes)} 个错误，没有写出任何文件：\n{zh}",
                f"{name} has {len(mistakes)} mistakes, nothing was written:\n" + "\n".join(en),
            ),
            exit=2,
        )
        self.mistakes = tuple(mistakes)
        self._name = name

    def __reduce__(self) -> tuple[object, ...]:
        return (Refused, (self._name, list(self.mistakes)))


def from_excel(path: Path, folder: Path) -> tuple[Path, ...]:
    """Write ``rulebook.yaml`` and the samples the workbook holds into ``folder``; returns what was written.

    Raises:
        Refused: with every mistake, by sheet and cell; nothing is written then.
        Fault: ``not-a-rule-sheet`` or ``exists`` (exit 2); as ``readers.read`` for a damaged file.
    """
    if not path.name.endswith(SUFFIX):
        raise Fault(
            "not-a-rule-sheet",
            Text(f"{path.name} 不叫 *{SUFFIX}，没有当作规则读", f"{path.name} is not named *{SUFFIX}"),
            exit=2,
        )
    grids = {grid.name: grid for grid in readers.read(readers.load(path)).grids}
    taken = taken_from(grids, path.name)
    text = "" if taken.mistakes else as_yaml(taken.data, f"Made from {path.name}. / 由 {path.name} 生成。")
    if not taken.mistakes:
        _judge(text, taken)
    if taken.mistakes:
        raise Refused(path.name, taken.mistakes)
    return _write(folder, text, taken.data, grids)


def _judge(text: str, taken: Taken) -> None:
    """Load what would be written; the loader's mistakes are told at the cells they come from."""
    with tempfile.TemporaryDirectory() as folder:
        entry = Path(folder) / rulebook.ENTRY
        entry.write_text(text, "utf-8")
        try:
            assemble.parsed(entry)
        except assemble.Malformed as malformed:
            tree = read_yaml(text)
            for mistake in malformed.mistakes:
                taken.complain(_cell_of(mistake.origin, tree, taken), mistake.message)


def _cell_of(origin: Origin, tree: Tree, taken: Taken) -> str:
    """The cell whose words stand at this line and column of the YAML."""
    known = [
        ((at.line, at.column), len(path), path)
        for origins in (tree.keys, tree.values)
        for path, at in origins.items()
        if (at.line, at.column) <= (origin.line, origin.column)
    ]
    path: TreePath = max(known, key=lambda one: (one[0], one[1]))[2] if known else ()
    while path and path not in taken.cells:
        path = path[:-1]
    return taken.cells.get(path, COVER)


def _write(folder: Path, text: str, data: Data, grids: dict[str, Grid]) -> tuple[Path, ...]:
    entry = folder / rulebook.ENTRY
    if entry.exists():
        raise Fault(
            "exists",
            Text(f"{entry} 已经有了，没有改动", f"{entry} exists, nothing was changed"),
            hint=Text("请换一个文件夹，或先移走旧的。", "Name another folder, or move the old one away."),
            exit=2,
        )
    written = [entry]
    deliver(entry, text.encode())
    tests = data.get("tests") or {}
    for key, sheet in (("good", GOOD), ("last", LAST)):
        if tests.get(key) and sheet in grids:
            written.append(folder / Path(tests[key]).name)
            deliver(written[-1], _as_csv(grids[sheet]))
    return tuple(written)


def _as_csv(grid: Grid) -> bytes:
    out = StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerows([["" if v is None else shown(v) if not isinstance(v, str) else v for v in r] for r in grid.rows])
    return out.getvalue().encode("utf-8-sig")
