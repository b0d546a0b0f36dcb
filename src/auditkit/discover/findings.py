"""Findings without a rulebook: identities that hold nearly everywhere in a table and fail in one place."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from auditkit.discover.breaches import breach
from auditkit.discover.figures import Address, Figures
from auditkit.discover.identity import Breach, Direction, Identity, Operator
from auditkit.discover.labels import Role, role_of, says_percent
from auditkit.discover.structure import Block
from auditkit.discover.subject import Subject
from auditkit.discover.wording import arithmetic, claim, explanation
from auditkit.model.finding import Finding, Term
from auditkit.model.words import Text

FEW = 2
"""Witnesses in which an identity must hold, each with more than a single part, before its exceptions are told; one is
enough where the words say total."""
FEW_RATIOS = 8
"""The same for averages, ratios and shares, which change their base more readily."""
FEW_SHARES = 5
"""The same where the words say percent and the evidence is strong."""
EVIDENT = 18.0
"""Nats of such evidence."""
PLAIN = 8.0
"""Nats of evidence against chance."""
SCARCE = 12.0
"""The same from two witnesses, where no word says total."""
SLACK = 2
"""Multiples of the tolerance below which a breach may still be rounding."""

CODES: dict[tuple[Operator, Direction], tuple[str, str]] = {
    ("sum", "row"): ("SH101", "total of rows"),
    ("sum", "column"): ("SH102", "total of columns"),
    ("difference", "row"): ("SH103", "opening, flow and closing"),
    ("difference", "column"): ("SH103", "opening, flow and closing"),
    ("average", "row"): ("SH104", "average"),
    ("average", "column"): ("SH104", "average"),
    ("division", "row"): ("SH105", "ratio"),
    ("division", "column"): ("SH105", "ratio"),
    ("change", "row"): ("SH106", "change"),
    ("change", "column"): ("SH106", "change"),
    ("share", "row"): ("SH107", "share"),
    ("share", "column"): ("SH107", "share"),
}


def broken(
    sheet: Figures, block: Block, identities: Sequence[Identity], subject: Subject, *, exact: bool
) -> list[tuple[float, Finding]]:
    """Relative effect and finding of every breach worth telling; ``exact`` where the table counts."""
    found = []
    for identity in identities:
        told = _told(sheet, identity, exact=exact)
        held = identity.of - len(told)
        if told and _trusted(identity, held, len(told)):
            said = claim(identity, held, identity.of)
            wrong = [
                b
                for b in told
                if _likely_wrong(sheet, identities, identity, b, exact=exact)
                and not _lacks_a_part(sheet, block, identity, b)
            ]
            found += [(_effect(b), _finding(sheet, block, identity, b, said, subject)) for b in wrong]
    return found


def _told(sheet: Figures, identity: Identity, *, exact: bool) -> list[Breach]:
    """The exceptions, and in a table of counts also what only rounding would excuse."""
    told = list(identity.exceptions)
    if exact and identity.op in {"sum", "difference"}:
        near = (breach(sheet, identity, w, 0.0) for w in identity.witnesses)
        told += [
            b for b in near if b and b.expected != b.found and b.expected == int(b.expected) and b.found == int(b.found)
        ]
    return told


def _trusted(identity: Identity, held: int, failed: int) -> bool:
    """It holds nearly everywhere, and not by chance."""
    witnesses = min(held, identity.solid)
    if identity.op not in {"sum", "difference"}:
        named = says_percent(identity.labels[0]) and identity.score >= EVIDENT
        least = FEW_SHARES if named else FEW_RATIOS
    else:
        named = role_of(identity.labels[0].rpartition(" / ")[2]) == Role.TOTAL
        least = 1 if named else FEW
    enough = PLAIN if witnesses > FEW or least == 1 else SCARCE
    return failed <= max(1, held // 10) and witnesses >= least and identity.score >= enough


def _likely_wrong(
    sheet: Figures, all_of_them: Sequence[Identity], identity: Identity, b: Breach, *, exact: bool
) -> bool:
    """Not rounding, and not another kind of line.

    No part is unknown, or blank where none is elsewhere; the total is not far off, nor among its parts as a mean or a
    highest value would be, unless other sums say that this line adds up.
    """
    off = abs(b.found - b.expected)
    blank = [p for p in b.parts if not sheet.number[p]]
    whole = exact and b.expected == int(b.expected) and b.found == int(b.found)
    if (b.allowed and off <= SLACK * b.allowed and not whole) or any(
        sheet.unknown[p] or sheet.text[p] for p in b.parts
    ):
        return False
    if blank and all(sheet.number[p] for _, parts in identity.cells() for p in parts):
        return False
    among = identity.op == "sum" and abs(b.found) <= max(abs(sheet.exact(p)) for p in b.parts)
    if 2 * off <= max(abs(b.found), abs(b.expected)) and not among:
        return True
    axis = 1 if identity.axis == "row" else 0
    witness = b.total[axis]
    return any(_bears(other, identity, witness) for other in all_of_them)


def _lacks_a_part(sheet: Figures, block: Block, identity: Identity, b: Breach) -> bool:
    """A line that is empty wherever the identity holds is the difference here: it was a part all along."""
    off = abs(float(b.found - b.expected))
    first, last = (block.body[0], block.body[2]) if identity.axis == "row" else (block.body[1], block.body[3])
    witness = b.total[1] if identity.axis == "row" else b.total[0]
    others = [i for i in range(first, last + 1) if i != identity.total and i not in identity.parts]
    missing = [i for i in others if abs(abs(sheet.value[identity.cell(i, witness)]) - off) <= 1e-9 * off]
    return any(not any(sheet.value[identity.cell(i, w)] for w in identity.witnesses) for i in missing)


def _bears(other: Identity, identity: Identity, witness: int) -> bool:
    """Another sum says that this witness adds up: it holds there, or the witness itself is a line of that sum."""
    if other is identity or other.op not in {"sum", "difference"}:
        return False
    lines = other.witnesses if other.axis == identity.axis else (other.total, *other.parts)
    return witness in lines


def _effect(b: Breach) -> float:
    whole = max(abs(b.found), abs(b.expected))
    return float(abs(b.found - b.expected) / whole) if whole else 0.0


def _finding(sheet: Figures, block: Block, identity: Identity, b: Breach, said: Text, subject: Subject) -> Finding:
    row, column = (" / ".join(w for w in words if w) for words in block.path(b.total))
    terms = [_term(sheet, block, identity, c, subject) for c in (b.total, *b.parts)]
    code, name = CODES[identity.op, identity.axis]
    return subject.finding(
        code,
        name,
        said,
        arithmetic(identity, terms, b),
        terms,
        row=row,
        column=column,
        sums=(b.found, b.expected, b.allowed),
        hint=explanation(identity, b, sheet),
        apart=identity.labels[1],
    )


def _term(sheet: Figures, block: Block, identity: Identity, cell: Address, subject: Subject) -> Term:
    """A cell under the words of its own line: its row where rows add up, its column where columns do."""
    rows, columns = block.path(cell)
    own, other = (rows, columns) if identity.axis == "row" else (columns, rows)
    name = next((w for w in reversed(own) if w), "") or next((w for w in reversed(other) if w), "")
    place = subject.place(cell)
    return Term(Text(name or place.address, name or place.address), sheet.word(cell), place)


def ordered(found: Iterable[tuple[float, Finding]]) -> list[Finding]:
    """Most consequential first, then in the order of the sheet."""
    ranked = sorted(found, key=lambda f: (-f[0], f[1].place.sheet, f[1].place.row, f[1].place.column, f[1].rule))
    return [finding for _, finding in ranked]
