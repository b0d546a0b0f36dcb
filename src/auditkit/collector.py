"""The collector of cycles stays away from work whose objects all live to its end: looking for them is a fifth of it."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count

ROUNDS = 64
"""Times it rests between two looks at everything: what little is left in cycles does not pile up."""

YOUNG = 50_000
"""Objects made before it looks at them: about ten documents, of which hardly anything is cyclic."""

_rests = count(1)


def seldom() -> None:
    """It looks at new objects seldom from now on."""
    gc.set_threshold(YOUNG)


@contextmanager
def resting() -> Iterator[None]:
    """No collection inside; afterwards it goes on if it was on before, and takes what was made meanwhile for old."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        # Both together only move objects to the oldest generation, which is not looked through for every few new ones.
        gc.freeze()
        gc.unfreeze()
        if enabled:
            gc.enable()
            if next(_rests) % ROUNDS == 0:
                gc.collect()
