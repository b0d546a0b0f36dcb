"""The prose room: what a report's words say about numbers, years and structure, checked against each other."""

from auditkit.prose.judge import check, find_check
from auditkit.prose.quantities import Quantity, quantities
from auditkit.prose.reading import language_of
from auditkit.prose.rules import ProseRule, load_prose_rules

__all__ = ["ProseRule", "Quantity", "check", "find_check", "language_of", "load_prose_rules", "quantities"]
