"""Year on year: which of many like figures moved unlike the others.

Hidiroglou and Berthelot (Survey Methodology 12, 1986) with the quartiles of Statistics Canada's Banff (Weibull's rule);
small counts by the Poisson difference; a fixed factor where there are too few to say what is usual.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

SIZE = 0.4
"""Power of the size: 0 looks at ratios alone, 1 at differences."""
LEAST = 0.05
"""Share of the median effect that the distance to a quartile counts for at least."""
LOOK = 4.0
"""Distances to a quartile beyond which a figure is worth a look; from two and a half times that it is hardly usual."""
CLOSE = 0.1
"""Departure from the usual ratio that is always in line, however alike the others moved."""
ENOUGH = 10
"""Pairs that say what is usual; with fewer a figure may grow or shrink by ``FACTOR``."""
FACTOR = 3.0
SMALL = 20
"""Counts below this on both sides, and those from or to nothing, are compared as Poisson counts, by 3 deviations."""


@dataclass(frozen=True)
class Moved:
    """What became of figures that are alike; one entry each."""

    beyond: Floats
    """How many times the limit the change is: above 1 it is out of line; NaN where there is nothing to compare."""
    usual: float
    """The median ratio, or NaN where too few figures say what is usual."""
    compared: int
    """Figures that say what is usual."""


def moved(now: Floats, before: Floats) -> Moved:
    """Compares figures of like things in two years; a figure that is not known is NaN. Negative ones are left out."""
    known = np.isfinite(now) & np.isfinite(before) & (now >= 0) & (before >= 0)
    largest = np.maximum(now, before)
    small = known & ((largest < SMALL) | (now == 0) | (before == 0))
    pairs = known & (now > 0) & (before > 0)
    beyond = np.full(now.shape, np.nan)
    total = np.where(small, now + before, 1.0)
    beyond[small] = (np.abs(now - before) / (3 * np.sqrt(np.maximum(total, 1))))[small]
    compared = int(pairs.sum())
    own = pairs & ~small
    if compared < ENOUGH:
        beyond[own] = np.abs(np.log(now[own] / before[own])) / np.log(FACTOR)
        return Moved(beyond, float("nan"), compared)
    effect, usual = _effects(now[pairs], before[pairs])
    everywhere = np.full(now.shape, np.nan)
    everywhere[pairs] = effect
    beyond[own] = everywhere[own]
    return Moved(beyond, usual, compared)


def _effects(now: Floats, before: Floats) -> tuple[Floats, float]:
    """Each effect's distance from the median one, in multiples of what is allowed on its side; and the median ratio."""
    ratio = now / before
    usual = float(np.median(ratio))
    departure = np.where(ratio < usual, 1 - usual / ratio, ratio / usual - 1)
    effect = departure * np.maximum(now, before) ** SIZE
    low, middle, high = np.percentile(effect, [25, 50, 75], method="weibull")
    least = abs(LEAST * middle)
    allowed = LOOK * np.where(effect < middle, max(middle - low, least), max(high - middle, least))
    far = np.abs(effect - middle) / np.maximum(allowed, 1e-12)
    return np.where(np.abs(departure) <= CLOSE, np.minimum(far, 1.0), far), usual
