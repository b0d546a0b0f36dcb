"""Conditions over a block's texts: every different text is judged once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from auditkit.edits.certain import Certain
from auditkit.model.document import State
from auditkit.model.expression import Cells, Compare, Condition, IsUnique, OneOf, Quoted
from auditkit.numerals import of_value
from auditkit.register.columns import Block, numbers
from auditkit.stack import Bools


@dataclass(frozen=True)
class Words:
    """What the texts of one block say."""

    block: Block
    known: dict[int, tuple[list[str], Any]] = field(default_factory=dict)
    """Column → its different texts, and which of them each row has."""

    def certain(self, node: Condition) -> Certain | None:
        """What surely holds of texts; None of a condition over numbers."""
        match node:
            case IsUnique(Cells(columns=(column,))):
                return Certain(self.there(column), self._nowhere())
            case Compare("=", Cells(columns=(column,), back=0), Quoted(text)) | Compare(
                "=", Quoted(text), Cells(columns=(column,), back=0)
            ):
                return self._told(column, lambda said: said == text)
            case Compare("≠", Cells(columns=(column,), back=0), Quoted(text)) | Compare(
                "≠", Quoted(text), Cells(columns=(column,), back=0)
            ):
                return self._told(column, lambda said: said != text)
            case OneOf(Cells(columns=(column,), back=0), choices) if all(
                isinstance(choice, Quoted) for choice in choices
            ):
                texts = {choice.value for choice in choices if isinstance(choice, Quoted)}
                return self._told(column, texts.__contains__)
            case Compare(_, left, right) if isinstance(left, Quoted) or isinstance(right, Quoted):
                return Certain(self._nowhere(), self._nowhere())
            case OneOf(_, choices) if any(isinstance(choice, Quoted) for choice in choices):
                return Certain(self._nowhere(), self._nowhere())
            case _:
                return None

    def _told(self, column: int, holds: Callable[[str], bool]) -> Certain:
        if column not in self.block.texts:
            return Certain(self._nowhere(), self._nowhere())
        if column not in self.known:
            encoded = self.block.texts[column].dictionary_encode()
            texts = [of_value(text).text for text in encoded.dictionary.to_pylist()]
            self.known[column] = texts, numbers(encoded.indices, np.dtype("i4"))
        texts, which = self.known[column]
        yes = np.array([holds(text) for text in texts], dtype=bool)[which]
        there = self.block.states[:, column] == State.TEXT
        return Certain((yes & there)[:, np.newaxis], (~yes & there)[:, np.newaxis])

    def there(self, column: int) -> Bools:
        """Which rows say anything in a column."""
        states = self.block.states[:, column, np.newaxis]
        there: Bools = (states == State.TEXT) | (states == State.NUMBER)
        return there

    def _nowhere(self) -> Bools:
        return np.zeros((self.block.height, 1), dtype=bool)
