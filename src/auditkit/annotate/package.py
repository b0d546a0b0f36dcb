"""An office package: parts by name, what kind each is, and which part refers to which."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable
from itertools import chain, count
from typing import NamedTuple
from urllib.parse import unquote

from auditkit.annotate.mark import damaged
from auditkit.annotate.markup import Edit, Element, escape, grown, prefix, spliced, tree, utf8
from auditkit.annotate.members import inflated, opened, rewritten

OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STRICT = "http://purl.oclc.org/ooxml/officeDocument/relationships"
_RELATIONSHIPS = "http://schemas.openxmlformats.org/package/2006/relationships"
_TYPES = "[Content_Types].xml"


HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


class Relation(NamedTuple):
    """One part refers to another: ``kind`` is the last word of the relationship's type."""

    id: str
    kind: str
    target: str
    """Name of the part; of something outside the package, its address."""
    type: str


def folded(name: str) -> str:
    """Part names are compared without regard to case, slashes of any kind, and percent signs."""
    return unquote(name.replace("\\", "/")).lstrip("/").lower()


class Package:
    """A package being edited; what is not written stays as it is."""

    def __init__(self, data: bytes) -> None:
        self._archive = opened(data)
        self._members = {folded(member.name): member for member in self._archive.members}
        self._parts: dict[str, bytes] = {}
        """What was read or written, by folded name."""
        self._trees: dict[str, tuple[bytes, Element]] = {}
        self._changed: dict[str, str] = {}
        """Folded name → name of what was written."""
        self._types: list[str] = []

    def has(self, part: str) -> bool:
        return folded(part) in self._members or folded(part) in self._changed

    def read(self, part: str) -> bytes:
        """A part as it now is, in UTF-8. Raises a ``Fault`` if there is none."""
        name = folded(part)
        if name not in self._parts:
            if name not in self._members:
                raise damaged(f"缺少{part}", f"it has no {part}")
            self._parts[name] = utf8(inflated(self._archive, self._members[name]))
        return self._parts[name]

    def tree(self, part: str) -> Element:
        """The root element of a part as it now is."""
        name, xml = folded(part), self.read(part)
        if name not in self._trees or self._trees[name][0] is not xml:
            self._trees[name] = xml, tree(xml)
        return self._trees[name][1]

    def write(self, part: str, xml: bytes) -> None:
        """Changes or adds a part."""
        name = folded(part)
        self._parts[name] = xml
        self._changed[name] = self._members[name].name if name in self._members else part

    def edit(self, part: str, edits: Iterable[Edit]) -> None:
        """Changes a part in these places."""
        self.write(part, spliced(self.read(part), edits))

    def written(self) -> bytes:
        """The package as a file."""
        if self._types:
            self.edit(_TYPES, _listed(self.read(_TYPES), self.tree(_TYPES), self._types))
            self._types = []
        return rewritten(self._archive, {name: self._parts[key] for key, name in self._changed.items()})

    def free(self, pattern: str, *, single: bool = False) -> str:
        """A part name that is not taken, numbered in the braces; the only one of its kind can spare the number."""
        numbers = chain([""], count(1)) if single else count(1)
        return next(name for n in numbers if not self.has(name := pattern.format(n)))

    def parts(self, suffix: str) -> list[str]:
        """Names of all parts with such an ending."""
        return [name for name in dict.fromkeys([*self._members, *self._changed]) if name.endswith(suffix)]

    def relations(self, part: str = "") -> list[Relation]:
        """What a part refers to; the package itself when no part is named."""
        where = _relations_of(part)
        if not self.has(where):
            return []
        return [_relation(part, element) for element in self.tree(where).all("Relationship")]

    def related(self, part: str, kind: str) -> Relation | None:
        """The first relation of a kind whose part is there."""
        return next((r for r in self.relations(part) if r.kind == kind and self.has(r.target)), None)

    def relate(self, part: str, type_: str, target: str) -> str:
        """Makes a part refer to another; returns the new relation's id."""
        where = _relations_of(part)
        if not self.has(where):
            self.write(where, f'{HEAD}<Relationships xmlns="{_RELATIONSHIPS}"/>'.encode())
        xml, root = self.read(where), self.tree(where)
        taken = {element.attributes.get("Id") for element in root.all("Relationship")}
        id_ = next(name for n in count(1) if (name := f"rId{n}") not in taken)
        path = posixpath.relpath(target, posixpath.dirname(part) or ".")
        new = f'<{prefix(xml, root)}Relationship Id="{id_}" Type="{type_}" Target="{escape(path)}"/>'
        self.edit(where, grown(xml, root, new))
        return id_

    def type_of(self, part: str) -> str:
        """The content type of a part, empty when none is declared."""
        root = self.tree(_TYPES)
        return _declared(root, part) or _default(root, part)

    def declare(self, part: str, type_: str, *, by_extension: bool = False) -> None:
        """States the content type of a new part, for all parts of its extension if that is how it is done."""
        default = _default(self.tree(_TYPES), part)
        extension = part.rpartition(".")[2]
        if by_extension and default == type_:
            return
        if by_extension and not default:
            line = f'Default Extension="{extension}" ContentType="{type_}"'
        else:
            line = f'Override PartName="/{escape(part)}" ContentType="{type_}"'
        if line not in self._types:
            self._types.append(line)


def _listed(xml: bytes, root: Element, lines: list[str]) -> list[Edit]:
    """Defaults stand before overrides, as every office program writes them."""
    p, first = prefix(xml, root), root.first("Override")
    defaults = "".join(f"<{p}{line}/>" for line in lines if line.startswith("Default"))
    overrides = "".join(f"<{p}{line}/>" for line in lines if line.startswith("Override"))
    if first is None:
        return grown(xml, root, defaults + overrides)
    return [Edit(first.start, first.start, defaults.encode()), *(grown(xml, root, overrides) if overrides else [])]


def _declared(root: Element, part: str) -> str:
    for element in root.all("Override"):
        if folded(element.attributes.get("PartName", "")) == folded(part):
            return element.attributes.get("ContentType", "")
    return ""


def _default(root: Element, part: str) -> str:
    extension = part.rpartition(".")[2].lower()
    for element in root.all("Default"):
        if element.attributes.get("Extension", "").lower() == extension:
            return element.attributes.get("ContentType", "")
    return ""


def _relations_of(part: str) -> str:
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")


def _relation(part: str, element: Element) -> Relation:
    target, type_ = element.attributes.get("Target", ""), element.attributes.get("Type", "")
    if element.attributes.get("TargetMode") != "External":
        target = posixpath.normpath(posixpath.join("/", posixpath.dirname(part), target.replace("\\", "/"))).lstrip("/")
    return Relation(element.attributes.get("Id", ""), type_.rpartition("/")[2], target, type_)
