"""The house is in order: rooms say what they are for, rules are proven, names mean something, docs are true."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from auditkit import catalogue, rulebook
from auditkit.cli import main
from auditkit.proof import prove
from auditkit.reports import TEXTS, text_report

TOP = Path(__file__).resolve().parents[1]
SOURCE = TOP / "src" / "auditkit"
MODULES = sorted(SOURCE.rglob("*.py"))
VAGUE = re.compile(r"(^|_)(utils?|helpers?|common|misc|core|managers?|handlers?|base|engine|service)(_|$)")


def name(path: Path) -> str:
    return str(path.relative_to(SOURCE))


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_a_module_says_what_the_room_is_for(path: Path) -> None:
    docstring = ast.get_docstring(ast.parse(path.read_text("utf-8")))
    assert docstring, f"{path.name} has no docstring"
    assert docstring.splitlines()[0].endswith((".", ":", "。"))


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_modules_are_small_and_so_are_functions(path: Path) -> None:
    text = path.read_text("utf-8")
    assert len(text.splitlines()) <= 320, "is it still one room?"
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef):
            assert (node.end_lineno or 0) - node.lineno < 60, f"{node.name} is long"


def test_no_name_says_nothing() -> None:
    assert [name(p) for p in MODULES if VAGUE.search(p.stem) or VAGUE.search(p.parent.name)] == []


@pytest.mark.parametrize("book", rulebook.shipped())
def test_every_rule_has_a_why_and_a_repair_in_both_languages(book: str) -> None:
    for rule in catalogue.every_rule(rulebook.find(book)):
        assert rule.why is not None, rule.id
        assert rule.why.zh != rule.why.en
        assert rule.message.zh != rule.message.en


@pytest.mark.parametrize("book", rulebook.shipped())
def test_every_example_gives_exactly_the_findings_it_names(book: str) -> None:
    assert [one for one in prove(rulebook.find(book)) if not one.right] == []


def test_every_text_report_satisfies_the_protocol() -> None:
    for form in TEXTS:
        assert callable(text_report(form).render)
        assert all(isinstance(line, str) for line in text_report(form).render([], "en"))


def _commands(group, path=()):
    for key, command in group.commands.items():
        yield (*path, key)
        if hasattr(command, "commands"):
            yield from _commands(command, (*path, key))


@pytest.mark.parametrize("command", list(_commands(main)), ids=" ".join)
def test_every_command_has_help_and_is_in_the_readme(command: tuple[str, ...]) -> None:
    done = CliRunner().invoke(main, [*command, "--help"])
    assert done.exit_code == 0
    for readme in ("README.md", "README.zh.md"):
        assert f"auditkit {' '.join(command)}" in (TOP / readme).read_text("utf-8"), readme


def test_the_changelog_begins_with_rules() -> None:
    headings = [line for line in (TOP / "CHANGELOG.md").read_text("utf-8").splitlines() if line.startswith("### ")]
    assert headings[0] == "### Rules"


def test_help_imports_neither_pandas_nor_numpy() -> None:
    code = (
        "import sys; from auditkit.cli import main; main(['--help'], standalone_mode=False); print(sorted(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = done.stdout.splitlines()[-1]
    for heavy in ("pandas", "numpy", "pandera", "lark", "lxml"):
        assert f"'{heavy}'" not in loaded


def test_one_right_file_costs_only_the_rooms_it_needs() -> None:
    path = TOP / "samples" / "clean" / "official" / "宿迁市_2024.xlsx"
    code = (
        "import sys; from auditkit.cli import main;"
        f" main(['check', {str(path)!r}], standalone_mode=False); print(sorted(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = done.stdout.splitlines()[-1]
    rooms = ("annotate", "batch", "discover", "known", "outputs", "reports.workbook", "reports.webpage")
    for idle in ("pandas", "pandera", "xlsxwriter", "jinja2", "rich.console", *(f"auditkit.{room}" for room in rooms)):
        assert f"'{idle}'" not in loaded


GBK = re.compile(r"[^\x00-\x7f]")


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_only_glyphs_that_a_chinese_console_can_show(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Text":
            for argument in ast.walk(node):
                if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                    argument.value.encode("gbk")
