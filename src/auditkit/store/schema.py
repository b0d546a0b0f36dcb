"""The store's tables, as steps that are taken in order and never changed: a new version adds one."""

from __future__ import annotations

STEPS: tuple[str, ...] = (
    """
    CREATE TABLE results (
        key TEXT PRIMARY KEY, sha256 TEXT NOT NULL, file TEXT NOT NULL, rulebook TEXT NOT NULL, version TEXT NOT NULL,
        unit TEXT NOT NULL, unit_code TEXT NOT NULL, period TEXT NOT NULL, verdict TEXT NOT NULL,
        hard INTEGER NOT NULL, soft INTEGER NOT NULL, info INTEGER NOT NULL,
        asked INTEGER NOT NULL, passed INTEGER NOT NULL,
        tallies TEXT NOT NULL, told TEXT NOT NULL, suspects TEXT NOT NULL
    ) WITHOUT ROWID;
    CREATE INDEX results_unit ON results (unit, period);
    CREATE TABLE findings (
        result TEXT NOT NULL REFERENCES results (key) ON DELETE CASCADE, number INTEGER NOT NULL,
        rule TEXT NOT NULL, level TEXT NOT NULL, status TEXT NOT NULL, key TEXT NOT NULL,
        sheet TEXT NOT NULL, cell TEXT NOT NULL, message TEXT NOT NULL, arithmetic TEXT NOT NULL, whole TEXT NOT NULL,
        PRIMARY KEY (result, number)
    ) WITHOUT ROWID;
    CREATE INDEX findings_key ON findings (key);
    CREATE TABLE runs (
        id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, started TEXT NOT NULL, finished TEXT NOT NULL DEFAULT '',
        setup TEXT NOT NULL
    );
    CREATE TABLE inputs (
        run INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE, number INTEGER NOT NULL, name TEXT NOT NULL,
        outcome TEXT NOT NULL, reason TEXT NOT NULL, unit_code TEXT NOT NULL, result TEXT NOT NULL,
        PRIMARY KEY (run, name)
    ) WITHOUT ROWID;
    CREATE TABLE units (
        code TEXT NOT NULL, name TEXT NOT NULL, email TEXT NOT NULL, contact TEXT NOT NULL, phone TEXT NOT NULL,
        parent TEXT NOT NULL, language TEXT NOT NULL, PRIMARY KEY (code, name)
    ) WITHOUT ROWID;
    """,
    """
    ALTER TABLE results ADD COLUMN figures TEXT NOT NULL DEFAULT '';
    ALTER TABLE inputs ADD COLUMN unit TEXT NOT NULL DEFAULT '';
    ALTER TABLE inputs ADD COLUMN part TEXT NOT NULL DEFAULT '';
    ALTER TABLE inputs ADD COLUMN late INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE inputs ADD COLUMN said TEXT NOT NULL DEFAULT '';
    CREATE INDEX inputs_result ON inputs (result);
    CREATE INDEX inputs_unit ON inputs (unit_code);
    CREATE TABLE due (
        run INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE, number INTEGER NOT NULL,
        code TEXT NOT NULL, name TEXT NOT NULL, contact TEXT NOT NULL, came INTEGER NOT NULL,
        PRIMARY KEY (run, number)
    ) WITHOUT ROWID;
    CREATE TABLE written (path TEXT PRIMARY KEY, made_from TEXT NOT NULL, sha256 TEXT NOT NULL) WITHOUT ROWID;
    """,
    """
    CREATE TABLE seen (path TEXT PRIMARY KEY, state TEXT NOT NULL, sha256 TEXT NOT NULL) WITHOUT ROWID;
    """,
    """
    CREATE TABLE texts (hash TEXT PRIMARY KEY, whole TEXT NOT NULL) WITHOUT ROWID;
    CREATE TABLE figures (result TEXT PRIMARY KEY, said TEXT NOT NULL);
    INSERT INTO figures (result, said) SELECT key, figures FROM results WHERE figures != '';
    UPDATE results SET figures = '';
    ALTER TABLE results ADD COLUMN base TEXT NOT NULL DEFAULT '';
    ALTER TABLE results ADD COLUMN last TEXT NOT NULL DEFAULT '';
    ALTER TABLE results ADD COLUMN last_sha256 TEXT NOT NULL DEFAULT '';
    ALTER TABLE results ADD COLUMN reason TEXT NOT NULL DEFAULT '';
    ALTER TABLE results ADD COLUMN found INTEGER NOT NULL DEFAULT 0;
    UPDATE results SET found = (SELECT count(*) FROM findings WHERE result = results.key);
    CREATE INDEX results_base ON results (base);
    ALTER TABLE inputs ADD COLUMN path TEXT NOT NULL DEFAULT '';
    ALTER TABLE inputs ADD COLUMN member INTEGER NOT NULL DEFAULT -1;
    ALTER TABLE inputs ADD COLUMN size INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE inputs ADD COLUMN modified REAL NOT NULL DEFAULT 0;
    ALTER TABLE inputs ADD COLUMN state TEXT NOT NULL DEFAULT '';
    ALTER TABLE inputs ADD COLUMN fault TEXT NOT NULL DEFAULT '';
    CREATE INDEX inputs_number ON inputs (run, number);
    """,
    """
    ALTER TABLE written ADD COLUMN setup TEXT NOT NULL DEFAULT '';
    ALTER TABLE written ADD COLUMN input TEXT NOT NULL DEFAULT '';
    """,
    """
    DROP INDEX results_unit;
    CREATE INDEX results_unit ON results (rulebook, period, unit);
    """,
    """
    DROP INDEX inputs_unit;
    """,
    """
    DROP INDEX results_base;
    """,
)
"""``PRAGMA user_version`` counts the steps taken; on a server, the table ``schema_steps``."""

KEYS: dict[str, tuple[str, ...]] = {
    "results": ("key",),
    "findings": ("result", "number"),
    "inputs": ("run", "name"),
    "due": ("run", "number"),
    "written": ("path",),
    "seen": ("path",),
    "texts": ("hash",),
    "figures": ("result",),
    "units": ("code", "name"),
}
"""What tells the rows of a table apart."""
