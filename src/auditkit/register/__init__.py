"""Registers: lists too long to lay out cell by cell; screened in blocks, judged exactly where that is not enough."""

from auditkit.register.checking import check_register
from auditkit.register.opening import Register, open_register

__all__ = ["Register", "check_register", "open_register"]
