"""Words in both languages, and the fault: a statement about the run, never about the data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Language = Literal["zh", "en"]
Level = Literal["hard", "soft", "info"]

LEVELS: tuple[Level, ...] = ("hard", "soft", "info")


@dataclass(frozen=True, slots=True)
class Text:
    """One sentence in Chinese and in English. The data's own words stay as they are in both."""

    zh: str
    en: str

    def to(self, language: Language) -> str:
        return self.zh if language == "zh" else self.en


EMPTY = Text("", "")

LEVEL_NAMES: dict[Level, Text] = {
    "hard": Text("必须改", "must fix"),
    "soft": Text("须说明", "explain"),
    "info": Text("提示", "note"),
}


class Fault(Exception):
    """Something about the run went wrong: an unreadable file, a malformed rulebook, wrong use.

    ``code`` is a stable short name (``"encrypted"``); ``exit`` is the exit status it asks for:
    2 for wrong use or a broken rulebook, 3 for something that could not be checked.
    """

    def __init__(self, code: str, message: Text, *, hint: Text | None = None, exit: int = 3) -> None:  # noqa: A002 - the word the shell uses
        super().__init__(message.en)
        self.code = code
        self.message = message
        self.hint = hint
        self.exit = exit

    def __reduce__(self) -> tuple[object, ...]:
        """Faults cross process borders whole."""
        return (_rebuild, (self.code, self.message, self.hint, self.exit))

    def __eq__(self, other: object) -> bool:
        """Faults that say the same are equal, on whichever side of a border."""
        return isinstance(other, Fault) and self.__reduce__() == other.__reduce__()

    def __hash__(self) -> int:
        return hash(self.__reduce__())

    def of(self, zh: str, en: str) -> Fault:
        """The same as wrong use (exit 2), of a file that goes with what is checked; ``zh``, ``en``: which."""
        said = Text(f"{zh}：{self.message.zh}", f"{en}: {self.message.en}")
        return Fault(self.code, said, hint=self.hint, exit=2)

    def to(self, language: Language) -> str:
        """The whole sentence, with what to do."""
        said = self.message.to(language)
        return said if self.hint is None else f"{said}{'' if language == 'zh' else ' '}{self.hint.to(language)}"


def _rebuild(code: str, message: Text, hint: Text | None, exit_: int) -> Fault:
    return Fault(code, message, hint=hint, exit=exit_)
