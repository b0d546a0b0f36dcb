"""The lines of a quantifier that have a line before them."""

from __future__ import annotations

from dataclasses import replace

from auditkit.model.expression import Cells, Condition, walk
from auditkit.model.rule import Scope


def preceded(scope: Scope, width: int, *conditions: Condition | None) -> Scope:
    """Without lines that have no line before them, where a condition speaks of it; ``width`` counts columns."""
    back = max((n.back for c in conditions if c is not None for n in walk(c) if isinstance(n, Cells)), default=0)
    lines = set(scope.lines)
    row = width if scope.each == "cell" else len(lines) + max(lines, default=0) + 1
    kept = (i for i in scope.lines if all(i - k in lines and (i - k) // row == i // row for k in range(1, back + 1)))
    return replace(scope, lines=tuple(kept)) if back else scope
