"""Threaded comments: our words become a reply, because programs that show threads ignore the note beside them."""

from __future__ import annotations

import uuid
from collections.abc import Mapping

from auditkit.annotate.addresses import Spot, spot
from auditkit.annotate.mark import AUTHOR
from auditkit.annotate.markup import escape, grown, prefix
from auditkit.annotate.notes import written
from auditkit.annotate.package import HEAD, Package

_KIND = "http://schemas.microsoft.com/office/2017/10/relationships/person"
_SPACE = "http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments"
_TYPE = "application/vnd.ms-excel.person+xml"


def reply(package: Package, workbook: str, part: str, texts: Mapping[Spot, str]) -> None:
    """Answers every thread of a sheet that stands in one of these cells; the reply bears the thread's last time."""
    xml, root = package.read(part), package.tree(part)
    threads = root.all("threadedComment")
    times = {at: t.attributes.get("dT", "") for t in threads if (at := spot(t.attributes.get("ref", "")))}
    taken = {t.attributes.get("id") for t in threads}
    new = ""
    for thread in threads:
        at = spot(thread.attributes.get("ref", ""))
        if at is None or at not in texts or "parentId" in thread.attributes:
            continue
        id_ = _guid(part, thread.attributes.get("id", ""), texts[at])
        if id_ not in taken:
            new += _reply(prefix(xml, root), thread.attributes, times[at], _person(package, workbook), id_, texts[at])
    if new:
        package.edit(part, grown(xml, root, new))


def _reply(p: str, thread: Mapping[str, str], time: str, person: str, id_: str, text: str) -> str:
    when = f' dT="{escape(time)}"' if time else ""
    parent = escape(thread.get("id", ""))
    return (
        f'<{p}threadedComment ref="{escape(thread["ref"])}"{when} personId="{person}" id="{id_}" parentId="{parent}">'
        f"<{p}text>{written(text)}</{p}text></{p}threadedComment>"
    )


def _person(package: Package, workbook: str) -> str:
    """The id of auditkit among the persons of the workbook."""
    listed = package.related(workbook, "person")
    part = listed.target if listed else package.free("xl/persons/person{}.xml", single=True)
    if listed is None:
        package.write(part, f'{HEAD}<personList xmlns="{_SPACE}"/>'.encode())
        package.declare(part, _TYPE)
        package.relate(workbook, _KIND, part)
    xml, root = package.read(part), package.tree(part)
    id_ = _guid(AUTHOR)
    if all(person.attributes.get("id") != id_ for person in root.all("person")):
        p = prefix(xml, root)
        new = f'<{p}person displayName="{AUTHOR}" id="{id_}" userId="{AUTHOR}" providerId="None"/>'
        package.edit(part, grown(xml, root, new))
    return id_


def _guid(*of: str) -> str:
    """From what it names, so that the same input gives the same bytes."""
    return f"{{{uuid.uuid5(uuid.NAMESPACE_OID, chr(0).join((AUTHOR, *of)))}}}".upper()
