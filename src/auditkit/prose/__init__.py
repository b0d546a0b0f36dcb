"""The prose room: what a report's words say about numbers, years and structure, checked against each other."""

from auditkit.prose.judge import check, find_check
from auditkit.prose.quantities import Quantity, quantities
from auditkit.prose.reading import language_of

__all__ = ["Quantity", "check", "find_check", "language_of", "quantities"]
