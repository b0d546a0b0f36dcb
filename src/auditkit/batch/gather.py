"""Paths in, every file out exactly once: found, or skipped with a reason. Nothing is opened to be checked here."""

from __future__ import annotations

import os
import stat
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import PurePath
from typing import NamedTuple

from auditkit.batch import junk, packed, remote
from auditkit.model.document import Source
from auditkit.model.words import Fault, Text
from auditkit.readers import load


class Found(NamedTuple):
    """A file that somebody sent: where it is, and the one name it has in this run."""

    name: str
    """``folder/file.xlsx`` below the path that was given, ``post.zip!file.xlsx`` in an archive; unique in a run."""
    path: str
    member: int = -1
    """Its number in the archive at ``path``; -1 for a file of its own."""
    size: int = 0
    modified: float = 0.0
    """Seconds since 1970; archives know it to two seconds, in nobody's time zone."""
    fault: Fault | None = None
    """Why it cannot even be read."""
    state: str = ""
    """Size, times and place on the disk, for a member those of its archive: what changes whenever its content does;
    empty where nothing tells."""

    @property
    def file(self) -> str:
        """The last part of the name, which is what the file says of itself."""
        return _last(self.name)

    @property
    def folder(self) -> str:
        """What the name has before its last part; files of one folder may belong together."""
        return folder_of(self.name)

    def load(self) -> Source:
        """Its bytes, under its last name. Raises ``Fault``."""
        if self.fault is not None:
            raise self.fault
        if self.member >= 0:
            return Source(self.file, packed.member(self.path, self.member))
        far = remote.is_url(self.path)
        try:
            return Source(self.file, remote.load(self.path) if far else load(self.path).data)
        except Fault as fault:
            if fault.code == "missing" and not (far or self.modified):
                raise  # it was named and never there, which is wrong use
            raise Fault(fault.code, fault.message, hint=fault.hint) from fault


class Skipped(NamedTuple):
    """A file that is nobody's report."""

    name: str
    reason: str
    """One of ``junk.REASONS``, short and stable."""

    def to(self, language: str) -> str:
        return junk.REASONS[self.reason].to("zh" if language == "zh" else "en")


def gather(paths: Iterable[str | os.PathLike[str]]) -> Iterator[Found | Skipped]:
    """Files, folders with all they hold, and the members of zip archives, each folder in order of names; also by URL.

    A name is given to one file only. What cannot be listed or opened comes out as ``Found`` with its fault.
    """
    given = [os.fspath(path) for path in paths]
    names: set[str] = set()
    seen: set[str] = set()
    for path in given:
        for one in _given(path, given):
            where = ""
            if len(given) > 1 and isinstance(one, Found):
                where = f"{os.path.abspath(one.path)}!{one.member}"  # noqa: PTH100 - links stay
            name = _free(_readable(one.name), names)
            if where in seen:
                yield Skipped(name, "twice")
            else:
                yield one if name == one.name else one._replace(name=name)
            if where:
                seen.add(where)


def _given(path: str, given: list[str]) -> Iterator[Found | Skipped]:
    if remote.is_url(path):
        yield from _elsewhere(path, given)
        return
    if os.path.isdir(path):  # noqa: PTH112 - strings keep names that are no UTF-8
        root = "" if len(given) == 1 else f"{path.rstrip('/' + os.sep)}/"
        yield from _folder(path, root)
        return
    own = os.path.basename(path)  # noqa: PTH119
    alone = sum(os.path.basename(other) == own for other in given) == 1  # noqa: PTH119
    name = own if alone else path
    try:
        facts = os.stat(path)  # noqa: PTH116
    except OSError:
        yield Found(name, path)  # reading it will say why
    else:
        yield from _file(path, name, facts, asked=True)


def _folder(path: str, root: str) -> Iterator[Found | Skipped]:
    """Files first, then folders: the files of a folder stay together."""
    try:
        names = sorted(os.listdir(path), reverse=True)  # noqa: PTH208 - strings keep names that are no UTF-8
    except OSError as error:
        yield Found(root.rstrip("/") or path, path, fault=_closed(path, error))
        return
    folders, start = [], os.path.join(path, "")  # noqa: PTH118
    while names:
        name = names.pop()  # let go of as it is told: there may be a hundred thousand
        try:
            facts = os.lstat(start + name)
        except OSError:
            yield Found(root + name, start + name)  # reading it will say why
            continue
        if stat.S_ISLNK(facts.st_mode):
            yield Skipped(root + name, "link")
        elif stat.S_ISDIR(facts.st_mode):
            folders.append(name)
        else:
            yield from _file(start + name, root + name, facts, asked=False)
    for name in folders:
        inside = _folder(start + name, f"{root}{name}/")
        reason = junk.folder(name)
        yield from (Skipped(one.name, reason) for one in inside) if reason else inside


def _elsewhere(url: str, given: list[str]) -> Iterator[Found | Skipped]:
    """The same by URL; what cannot be reached stands for itself."""
    try:
        one = remote.look(url)
    except Fault as fault:
        yield Found(url, url, fault=fault)
        return
    if one.kind == "folder":
        yield from _remote_folder(one.url, "" if len(given) == 1 else f"{url.rstrip('/')}/")
    else:
        alone = sum(_last(other) == one.name for other in given) == 1
        yield from _remote_file(one, one.name if alone else url, asked=True)


def _remote_folder(url: str, root: str) -> Iterator[Found | Skipped]:
    try:
        entries = remote.inside(url)
    except Fault as fault:
        yield Found(root.rstrip("/") or url, url, fault=fault)
        return
    for one in entries:
        if one.kind != "folder":
            yield from _remote_file(one, root + one.name, asked=False)
    for one in entries:
        if one.kind == "folder":
            reason, inside = junk.folder(one.name), _remote_folder(one.url, f"{root}{one.name}/")
            yield from (Skipped(found.name, reason) for found in inside) if reason else inside


def _remote_file(one: remote.Listed, name: str, *, asked: bool) -> Iterator[Found | Skipped]:
    if one.kind != "file":
        yield Skipped(name, one.kind)
    else:
        yield from _regular(one.url, name, one.size, one.modified, asked=asked)


def _file(path: str, name: str, facts: os.stat_result, *, asked: bool) -> Iterable[Found | Skipped]:
    if not stat.S_ISREG(facts.st_mode):
        return (Skipped(name, "special"),)
    state = f"{facts.st_size}-{facts.st_mtime_ns}-{facts.st_ctime_ns}-{facts.st_ino}"
    return _regular(path, name, facts.st_size, facts.st_mtime, state, asked=asked)


def _regular(
    path: str, name: str, size: int, modified: float, state: str = "", *, asked: bool
) -> Iterable[Found | Skipped]:
    """A regular file: somebody's, nobody's, or an archive of them."""
    if reason := junk.file(_last(name), asked=asked):
        return (Skipped(name, reason),)
    if packed.is_archive(path):
        return _members(path, name, state)
    return (Found(name, path, size=size, modified=modified, state=state),)


def _members(path: str, name: str, state: str) -> Iterator[Found | Skipped]:
    """What an archive holds; an archive that cannot be opened stands for itself."""
    try:
        members = packed.members(path)
    except Fault as fault:
        yield Found(name, path, fault=fault)
        return
    if not members:
        yield Skipped(name, "empty")
    for one in members:
        reason = junk.file(_last(one.name), asked=False) or next(
            (found for part in PurePath(one.name).parts[:-1] if (found := junk.folder(part))), ""
        )
        inside = f"{name}!{one.name}"
        if reason and one.fault is None:
            yield Skipped(inside, reason)
        else:
            yield Found(inside, path, one.number, one.size, one.modified, one.fault, state)


_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
"""Controls, marks of direction and line ends: a name is one line, and reads as it is written."""


def _last(name: str) -> str:
    return name[_border(name) :]


def folder_of(name: str) -> str:
    """What a name in a run has before its last part."""
    return name[: _border(name)]


def _border(name: str) -> int:
    at = max(name.rfind("/"), name.rfind("!"))
    return (at if os.sep == "/" else max(at, name.rfind(os.sep))) + 1


def _readable(name: str) -> str:
    """The name as its bytes were meant, since old archives and disks carry GBK, without what would move a cursor."""
    try:
        name.encode()
    except UnicodeEncodeError:
        name = os.fsencode(name).decode("gb18030", "replace")
    if name.isprintable():
        return name
    return "".join("_" if unicodedata.category(char) in _UNSEEN else char for char in name)


def _free(name: str, taken: set[str]) -> str:
    free, n = name, 1
    while free in taken:
        n += 1
        stem, dot, suffix = name.rpartition(".")
        free = f"{stem} ({n}){dot}{suffix}" if stem else f"{name} ({n})"
    taken.add(free)
    return free


def _closed(path: str, error: OSError) -> Fault:
    zh = "没有权限" if isinstance(error, PermissionError) else error.strerror
    path = _readable(path)
    return Fault(
        "unreadable",
        Text(f"无法打开文件夹{path}：{zh}。", f"The folder {path} cannot be opened: {error.strerror}."),
        hint=Text("请核对权限。", "Check the permissions."),
    )
