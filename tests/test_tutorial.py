"""The tutorial is true: its files are written, its edits made, its commands run, and what they print is compared."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from auditkit import cli

TUTORIAL = Path(__file__).resolve().parents[1] / "docs" / "tutorial.md"
BLOCK = re.compile(r"^```(?P<kind>\w+)\n(?P<body>.*?)^```$", re.DOTALL | re.MULTILINE)


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to work in, in English."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("AUDITKIT_LANG", "en")
    return tmp_path


def console(body: str) -> str:
    """The block with what its commands print now."""
    shown = []
    for line in body.splitlines():
        if line.startswith("$ "):
            program, *arguments = shlex.split(line[2:])
            assert program == "auditkit"
            done = CliRunner().invoke(cli.main, arguments)
            shown += [line, *done.output.rstrip("\n").splitlines()]
    return "\n".join(line.rstrip() for line in shown) + "\n"


def edit(path: Path, body: str) -> None:
    """Make the edit: lines with ``-`` and without a mark are found together once, and become those with ``+``."""
    lines = body.splitlines()
    old, new = ("\n".join(line[1:] for line in lines if line[:1] in marks) + "\n" for marks in (" -", " +"))
    text = path.read_text("utf-8")
    assert text.count(old) == 1, f"the edit does not fit {path.name}:\n{old}"
    path.write_text(text.replace(old, new), "utf-8")


def test_the_tutorial_is_what_happens(desk: Path, golden) -> None:
    text = TUTORIAL.read_text("utf-8")
    told = text
    for block in BLOCK.finditer(text):
        body = block["body"]
        if block["kind"] == "csv":
            (name,) = re.findall(r"Save as `([^`]+)`:\n\n$", text[: block.start()])
            (desk / name).write_text(body, "utf-8")
        elif block["kind"] == "diff":
            edit(desk / "library" / "rulebook.yaml", body)
        else:
            assert block["kind"] == "console"
            told = told.replace(f"```console\n{body}```", f"```console\n{console(body)}```", 1)
    golden(TUTORIAL, told)
