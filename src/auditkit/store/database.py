"""The database under the store: one SQLite file, or a PostgreSQL server; both are told the same SQL."""

from __future__ import annotations

import re
import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any, Protocol

from auditkit.model.words import Fault, Text
from auditkit.store.schema import KEYS

PATIENCE = 120
"""Seconds to wait while another run writes."""

AHEAD = 8000
"""Pages of 4 KB that are written beside the file before they are brought into it: most are written several times."""

Values = Sequence[str | int | float]
Row = Sequence[Any]


class Database(Protocol):
    """A connection; ``?`` stands for a value, and outside a transaction every statement is one."""

    def ask(self, sql: str, values: Values = ()) -> Sequence[Row]:
        """All rows of a query."""
        ...

    def tell(self, sql: str, rows: Sequence[Values] = ((),)) -> None:
        """Run a statement for each row of values."""
        ...

    def transaction(self) -> AbstractContextManager[None]:
        """All of it or nothing; waits until no other run writes."""
        ...

    def upgrade(self, steps: Sequence[str]) -> int:
        """Take the steps that were not taken yet, whoever comes first; how many were taken before."""
        ...

    def shrink(self) -> None:
        """Give back the room of what was deleted, where the database does not do so by itself."""
        ...

    def hold(self, run: int) -> bool:
        """Have a run to oneself until this is closed or the process is gone; False where another process has it."""
        ...

    def close(self) -> None: ...


def put(base: Database, table: str, columns: Sequence[str], rows: Sequence[Values]) -> None:
    """Write rows in place of those with the same key."""
    key, marks = KEYS[table], ",".join("?" * len(columns))
    said = ",".join(f"{column} = excluded.{column}" for column in columns if column not in key)
    told = f"INSERT INTO {table} ({','.join(columns)}) VALUES ({marks}) ON CONFLICT ({','.join(key)})"  # noqa: S608 - our own words and marks
    if rows:
        base.tell(f"{told} DO UPDATE SET {said}", rows)


ASKED = 500
"""Keys in one query; SQLite takes at least 999."""


def lots(keys: Sequence[str]) -> Iterator[tuple[str, Sequence[str]]]:
    """``(?,?,…)`` with the keys that stand in it, so many at a time."""
    for start in range(0, len(keys), ASKED):
        part = keys[start : start + ASKED]
        yield f"({','.join('?' * len(part))})", part


_LONE = re.compile("[\ud800-\udfff]")
_HELD = re.compile("[\U0010d800-\U0010dfff]")


def keepable(value: str | float) -> str | float:
    """A value as a database can keep it.

    Names on a disk need not be UTF-8. Python says such bytes by halves of characters, which stand here as characters
    for private use.
    """
    return _LONE.sub(lambda found: chr(ord(found[0]) + 0x100000), value) if isinstance(value, str) else value


def as_given(text: str) -> str:
    """What ``keepable`` was told."""
    return text if text.isascii() else _HELD.sub(lambda found: chr(ord(found[0]) - 0x100000), text)


def is_server(place: str) -> bool:
    """Whether it names a server; anything else is a file."""
    return place.startswith(("postgresql:", "postgresql+", "postgres:"))


def connected(place: str) -> Database:
    """The database at a path or a URL. Raises ``Fault`` ``store`` (exit 2)."""
    if is_server(place):
        from auditkit.store.server import server  # noqa: PLC0415 - SQLAlchemy, only for who has a server

        return server(place)
    try:
        return File(place)
    except sqlite3.Error as error:
        raise unusable(place, *said(error)) from error


class File:
    """One SQLite file, which any SQLite tool reads."""

    def __init__(self, path: str) -> None:
        self._path, self._held = path, list[tuple[sqlite3.Connection, Path]]()
        self._base = sqlite3.connect(path, timeout=PATIENCE, isolation_level=None)
        try:
            self._let_read_while_written()
            self.tell("PRAGMA synchronous = NORMAL")
            self.tell("PRAGMA foreign_keys = ON")
            self.tell(f"PRAGMA wal_autocheckpoint = {AHEAD}")
        except BaseException:
            self.close()
            raise

    def _let_read_while_written(self) -> None:
        """Switch to WAL. SQLite does not wait where two runs make one store at once, so it is tried again."""
        until = time.monotonic() + PATIENCE
        while True:
            try:
                self.tell("PRAGMA journal_mode = WAL")
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                    raise
                time.sleep(0.01)
            else:
                return

    def ask(self, sql: str, values: Values = ()) -> Sequence[Row]:
        try:
            return self._base.execute(sql, values).fetchall()
        except UnicodeEncodeError:
            return self._base.execute(sql, [keepable(one) for one in values]).fetchall()

    def tell(self, sql: str, rows: Sequence[Values] = ((),)) -> None:
        try:
            if len(rows) == 1:
                self._base.execute(sql, rows[0])
            else:
                self._base.executemany(sql, rows)
        except UnicodeEncodeError:  # rare, and what is told twice is told once
            self._base.executemany(sql, [[keepable(one) for one in row] for row in rows])

    @contextmanager
    def transaction(self) -> Iterator[None]:
        self.tell("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self.tell("ROLLBACK")
            raise
        self.tell("COMMIT")

    def upgrade(self, steps: Sequence[str]) -> int:
        if self._taken() == len(steps):
            return len(steps)
        with self.transaction():
            taken = self._taken()
            for step in steps[taken:]:
                for statement in step.split(";"):
                    self.tell(statement)
            if taken < len(steps):
                self.tell(f"PRAGMA user_version = {len(steps)}")
        return taken

    def shrink(self) -> None:
        self.tell("VACUUM")

    def _taken(self) -> int:
        return int(self.ask("PRAGMA user_version")[0][0])

    def hold(self, run: int) -> bool:
        """By a lock on a file of its own beside the store, which goes with the process, also a killed one."""
        path = Path(f"{self._path}-run{run}")
        lock = sqlite3.connect(path, timeout=0, isolation_level=None)
        try:
            lock.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            lock.close()
            return error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY  # a disk that has no locks stops nobody
        self._held.append((lock, path))
        return True

    def close(self) -> None:
        for lock, path in self._held:
            try:
                path.unlink()  # while it is locked, so that nobody else's is deleted
                lock.close()
            except OSError:  # systems that keep what is open
                lock.close()
                path.unlink(missing_ok=True)
        self._held.clear()
        self._base.close()


_WORDS = {
    sqlite3.SQLITE_FULL: "磁盘已满",
    sqlite3.SQLITE_BUSY: "别的程序正占用它",
    sqlite3.SQLITE_READONLY: "没有写入的权限",
    sqlite3.SQLITE_CANTOPEN: "打不开",
    sqlite3.SQLITE_IOERR: "读写磁盘出错",
    sqlite3.SQLITE_CORRUPT: "文件已损坏",
    sqlite3.SQLITE_NOTADB: "不是结果库",
}


def said(error: sqlite3.Error) -> tuple[str, str]:
    """What SQLite says, in both languages."""
    return _WORDS.get(getattr(error, "sqlite_errorcode", 0) & 0xFF, str(error)), str(error)


def unusable(place: str, zh: str, en: str) -> Fault:
    """Why a store cannot be used."""
    return Fault(
        "store",
        Text(f"结果库 {place} 不能使用：{zh}。", f"The store {place} cannot be used: {en}."),
        hint=Text("请另指定一个文件（--store），或不用结果库（--store none）。", "Name another file, or --store none."),
        exit=2,
    )
