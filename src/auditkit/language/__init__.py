"""The rule language: one line of algebra in the form's own words. Text → tree → names checked → read aloud."""

from auditkit.language.aloud import aloud, scope_aloud
from auditkit.language.parse import Misspelt, fold, parse_condition, parse_scope
from auditkit.language.resolve import resolve
from auditkit.language.scope import resolve_scope, resolve_scopes
from auditkit.language.vocabulary import PROPERTIES, Vocabulary

__all__ = [
    "PROPERTIES",
    "Misspelt",
    "Vocabulary",
    "aloud",
    "fold",
    "parse_condition",
    "parse_scope",
    "resolve",
    "resolve_scope",
    "resolve_scopes",
    "scope_aloud",
]
