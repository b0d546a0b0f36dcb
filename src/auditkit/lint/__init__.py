"""Rulebooks judged as rules: contradictions, redundancy, dead conditions, forced cells, rules that never run."""

from auditkit.lint.logic import judge_logic
from auditkit.lint.sets import judge_sums
from auditkit.lint.solver import available
from auditkit.lint.told import against, lint, unproven

__all__ = ["against", "available", "judge_logic", "judge_sums", "lint", "unproven"]
