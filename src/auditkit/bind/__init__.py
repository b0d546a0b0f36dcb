"""Binding: a document and some forms in, a submission in the form's own names out, located by labels alone."""

from auditkit.bind.binder import Binder

__all__ = ["Binder"]
