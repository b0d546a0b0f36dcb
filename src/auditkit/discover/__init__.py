"""What can be checked on any table without a rulebook: its structure, what adds up in it, and where it does not."""

from auditkit.discover.identity import Identity
from auditkit.discover.search import identities
from auditkit.discover.structure import Block, structure

__all__ = ["Block", "Identity", "identities", "structure"]
