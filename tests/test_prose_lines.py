"""Families of slips and their traps, as offices write them: one line each in ``prose_lines_*.txt``.

``PR101 | text``: what must be found, ``-`` for a line in which not even a note may be; ⏎ ends a paragraph;
``year=`` and ``unit=`` after the codes are known from outside.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from test_prose_rules import found, rules_of

HERE = Path(__file__).parent


def lines(language):
    family = ""
    for number, line in enumerate((HERE / f"prose_lines_{language}.txt").read_text("utf-8").splitlines(), 1):
        if line.startswith("## "):
            family = line[3:].replace(" ", "-")
        else:
            wanted, text = line.split(" | ", 1)
            yield pytest.param(language, wanted, text.replace(" ⏎ ", "\n"), id=f"{family}-{number}")


@pytest.mark.parametrize(("language", "wanted", "text"), [*lines("zh"), *lines("en")])
def test_a_line_is_judged_as_its_reader_would(language, wanted, text):
    codes = {word for word in wanted.split() if "=" not in word and word != "-"}
    known = dict(word.split("=") for word in wanted.split() if "=" in word)
    context = {key: int(value) if key == "year" else value for key, value in known.items()}
    findings = found(text, rules_of(f"report-prose-{language}"), **context)
    assert codes <= {f.rule for f in findings}
    assert [f.rule for f in findings if f.rule not in codes and (not codes or f.level != "info")] == []
