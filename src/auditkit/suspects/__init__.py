"""Which cell is probably wrong: error localization over an abstract linear system."""

from auditkit.suspects.pipeline import locate
from auditkit.suspects.priors import PRIORS
from auditkit.suspects.slips import KINDS, TOGETHER
from auditkit.suspects.system import Alternative, Change, Edit, Localization, Quantity, Suspicion

__all__ = [
    "KINDS",
    "PRIORS",
    "TOGETHER",
    "Alternative",
    "Change",
    "Edit",
    "Localization",
    "Quantity",
    "Suspicion",
    "locate",
]
