"""auditkit checks statistical reports: the tables, the words around them, and one against the other.

>>> import auditkit
>>> result = auditkit.check("青山镇_2024.xlsx")   # doctest: +SKIP
>>> result.verdict, result.findings, result.frame()   # doctest: +SKIP
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from auditkit.audit import check
    from auditkit.model.finding import Finding, Result
    from auditkit.model.words import Fault

__all__ = ["Fault", "Finding", "Result", "check"]

__version__ = "0.1.0"

_ROOMS = {
    "check": "auditkit.audit",
    "Finding": "auditkit.model.finding",
    "Result": "auditkit.model.finding",
    "Fault": "auditkit.model.words",
}


def __getattr__(name: str) -> Any:
    """Enter a room when it is asked for: ``import auditkit`` itself is instant."""
    if name not in _ROOMS:
        raise AttributeError(name)
    from importlib import import_module  # noqa: PLC0415

    return getattr(import_module(_ROOMS[name]), name)
