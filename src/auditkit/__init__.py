"""auditkit checks statistical reports: the tables, the words around them, and one against the other."""

__version__ = "0.1.0"
