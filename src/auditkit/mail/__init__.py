"""Results by mail: drafts first, then sent exactly once per unit and round, with a ledger that outlives every kill."""
