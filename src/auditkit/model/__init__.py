"""The nouns: what flows through auditkit. Nothing here reads, judges or writes."""
