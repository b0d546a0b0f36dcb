"""Annotated originals against real workbooks: what changed, what survived, whether a re-check says the same.

    python bench/annotated.py FOLDER [--office]

For each xlsx and xlsm file: the office's own file is annotated with the findings of a check (where there are none, with
marks on its first cells), held against everything that must not have changed, and checked again. ``--office`` also has
LibreOffice open every annotated file.
"""

from __future__ import annotations

import collections
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))
from auditkit.annotate import Mark
from auditkit.annotate.marking import marks
from auditkit.audit import auditor
from auditkit.model.document import Source
from auditkit.model.finding import Result
from auditkit.model.words import Fault
from auditkit.readers import load
from test_annotate import raw_parts, survives


def said(result: Result) -> object:
    """What must be the same of the annotated file."""
    return result.verdict, [(f.rule, f.place.address, f.arithmetic.en) for f in result.findings], result.unchecked


def some(result: Result) -> list[Mark]:
    """Marks of the findings, or else on cells that have a value."""
    made = marks(result, "zh")
    if made or result.document is None:
        return made
    grid = result.document.grids[0]
    cells = [(r, c) for r, row in enumerate(grid.rows) for c, value in enumerate(row) if value is not None]
    roles = ("wrong", "perhaps", "part", "explain", "note")
    return [Mark(grid.name, r, c, role, "批注") for (r, c), role in zip(cells, roles, strict=False)]


def main(folder: Path, *, office: bool) -> None:
    audit = auditor()
    parts: collections.Counter[str] = collections.Counter()
    done, fromfindings, refused = 0, 0, []
    with tempfile.TemporaryDirectory() as name:
        for path in sorted(p for p in folder.rglob("*") if p.suffix.lower() in {".xlsx", ".xlsm"}):
            source = load(path)
            (before,) = audit.audit([source])
            made = some(before) if not before.faults else []
            if not made:
                refused.append(f"{path.name}: {before.faults[0] if before.faults else 'nothing to mark'}")
                continue
            try:
                after = survives(source.data, made)
            except Fault as fault:
                refused.append(f"{path.name}: {fault}")
                continue
            (again,) = audit.audit([Source(source.name, after)])
            assert said(again) == said(before), path.name
            old, new = raw_parts(source.data), raw_parts(after)
            parts.update(_kind(part) for part in new if new[part] != old.get(part))
            (Path(name) / f"{done:04}{path.suffix}").write_bytes(after)
            done += 1
            fromfindings += bool(marks(before, "zh"))
        print(f"{done} annotated and the same when checked again ({fromfindings} with findings); parts that changed:")
        print(", ".join(f"{part} {n}" for part, n in parts.most_common()))
        print(*(f"refused: {why}" for why in refused), sep="\n")
        if office and done:
            out = Path(name) / "out"
            command = ["soffice", "--headless", "--convert-to", "xlsx", "--outdir", str(out)]
            subprocess.run([*command, *map(str, sorted(Path(name).glob("*.xls?")))], check=True, capture_output=True)
            print(f"LibreOffice opened {len(list(out.iterdir()))} of {done}")


def _kind(part: str) -> str:
    return "".join(letter for letter in part if not letter.isdigit())


if __name__ == "__main__":
    main(Path(sys.argv[1]), office="--office" in sys.argv)
