"""The one door: whatever breaks inside a library comes out as one Fault about the file."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from auditkit.model.document import SheetFacts
from auditkit.model.words import Fault, Text

T = TypeVar("T")


def opened(call: Callable[[], T]) -> T:
    """The call's result. Raises ``Fault`` with exit 3 for whatever it raises, except interrupts and exits."""
    try:
        return call()
    except Fault:
        raise
    except MemoryError as error:
        raise Fault(
            "too-large",
            Text("文件过大，内存不够。", "The file is too large for the memory of this computer."),
            hint=Text("请删去多余的行、列和工作表后另存。", "Delete spare rows, columns and sheets, and save it anew."),
        ) from error
    except BaseException as error:
        # A panic of a Rust library is no Exception; it stays a statement about this file all the same.
        if isinstance(error, Exception) or type(error).__name__ == "PanicException":
            raise _broken(error) from error
        raise


def _broken(error: BaseException) -> Fault:
    said = f"{type(error).__name__}: {error}"[:200]
    return Fault(
        "damaged",
        Text(f"文件已损坏，无法读取（{said}）。", f"The file is damaged and cannot be read ({said})."),
        hint=Text("请重新取得文件，或在Excel、WPS中打开后另存。", "Get it again, or save it anew in Excel or WPS."),
    )


class LazyFacts:
    """Facts of one sheet, gathered through the door at the first call; picklable if what gathers them is."""

    def __init__(self, gather: Callable[[], SheetFacts]) -> None:
        self._gather = gather
        self._facts: SheetFacts | None = None

    def __call__(self) -> SheetFacts:
        if self._facts is None:
            self._facts = opened(self._gather)
        return self._facts
