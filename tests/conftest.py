"""Submissions from text, rulebooks from text, golden files with an update flag. Nothing else."""

from __future__ import annotations

import os
import tempfile
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings

from auditkit import rulebook
from auditkit.edits import check
from auditkit.model.document import Cell, Document, Place
from auditkit.model.filled import Filled
from auditkit.model.finding import Checked, Context, Finding
from auditkit.model.rule import Rulebook
from auditkit.numerals import parse
from auditkit.schema import check_cells
from auditkit.stack import stack

os.environ["AUDITKIT_CACHE"] = str(Path(tempfile.gettempdir()) / "auditkit-tests")
"""Parsed rulebooks; not the user's own cache."""
os.environ["AUDITKIT_STORE"] = "none"
"""Runs of tests are nobody's; a test that wants a store names it."""

settings.register_profile("desk", deadline=None)
settings.register_profile("gate", deadline=None, derandomize=True)
settings.load_profile("gate" if os.environ.get("CI") else "desk")
"""No test is timed. A gate gives one answer; new examples are looked for at the desk."""

HEAD = """\
rulebook: test-form
version: "1"
title: {zh: 试验表, en: test form}
"""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update", action="store_true", help="write golden files anew")


@pytest.fixture
def book(tmp_path: Path) -> Callable[[str], Rulebook]:
    """A rulebook from YAML text; the head is given."""

    return lambda text: load_text(text, tmp_path)


def load_text(text: str, folder: Path) -> Rulebook:
    """Load a rulebook from YAML text by way of a folder."""
    (folder / "rulebook.yaml").write_text(HEAD + textwrap.dedent(text), "utf-8")
    return rulebook.load(folder)


def fill(book: Rulebook, text: str, *, name: str = "甲.csv") -> Filled:
    """A submission of a rulebook's only table, its cells written as rows of text in the form's order."""
    (table,) = book.form.tables.values()
    rows = [line.split("|") for line in textwrap.dedent(text).strip().splitlines()]
    cells: list[Cell] = []
    for r, row in enumerate(rows):
        for c, word in enumerate(row):
            written = parse(word.strip())
            place = Place(name, "表", r + 1, c + 1)
            cells.append(Cell(place, written.text, written.number, written.state, written.step, written.unit))
    assert len(cells) == table.size
    values = tuple(float(c.number) if c.number is not None else float("nan") for c in cells)
    states = bytes(int(c.state) for c in cells)
    return Filled(Document(name, "delimited"), book.form, {}, {}, values, states, (), cells.__getitem__)


def judge(book: Rulebook, now: Filled, last: Filled | None = None) -> Checked:
    """Everything rules and cell checks say of one submission."""
    pile, context = stack(book.form, [now], [last]), Context("甲", "2024", (2024, None), None)
    done = check(book, pile, [context])
    check_cells(book, pile, [context], done)
    return done[0]


def said(findings: list[Finding]) -> list[str]:
    """``GK304 D5 8 + 1 = 9 ≠ …``: code, address and the Chinese arithmetic."""
    return [f"{f.rule} {f.place.address} {f.arithmetic.zh}" for f in findings]


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[Path, str], None]:
    """Compare with a golden file; ``--update`` writes it."""

    def compare(path: Path, text: str) -> None:
        if request.config.getoption("--update"):
            path.write_text(text, "utf-8")
        assert path.exists(), f"{path.name} is missing: run pytest --update and look at it"
        assert text == path.read_text("utf-8")

    return compare
