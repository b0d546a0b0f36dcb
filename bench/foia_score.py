"""Scores the rulebook of the US annual FOIA report on a folder of workbooks with known failures.

    bench/foia_score.py FOLDER [--rules RULEBOOK] [--show]

``index.json`` lists the workbooks (``file``, ``prior_workbook``, ``components``), ``expected.json`` what truly fails in
them: ``file``, ``rule``, ``row`` and ``cells``, the wrong one first. Which of our codes answers to which rule is data:
``validations.yaml`` beside the rulebook. A failure is found if a finding of such a code names the row, stands in the
first cell and holds the others. What compares with a workbook that is not in the folder is not counted.
"""

from __future__ import annotations

import argparse
import json
import re
import time
from collections import Counter, defaultdict
from pathlib import Path

from ruamel.yaml import YAML

from auditkit import readers, rulebook
from auditkit.audit import Auditor
from auditkit.model.finding import Finding, Result

Failure = tuple[str, str, tuple[str, ...]]
"""Rule, row, cells."""


class Names:
    """Our codes and names → those of the list of failures."""

    def __init__(self, book: rulebook.Rulebook) -> None:
        said = YAML(typ="safe").load(Path(book.path).with_name("validations.yaml"))
        self.rules: dict[str, str] = said["rules"]
        self.tables: dict[str, str] = said["tables"]
        self.labels = {line.name: line.labels[0] for table in book.form for line in table.rows.lines if line.labels}
        self.lines = {f"_{line}" for table in book.form.lists for line in table.records.lines}

    def rule(self, finding: Finding) -> str | None:
        named = self.rules.get(finding.rule)
        return named and named.format(table=self.tables.get(finding.table, finding.table))

    def row(self, finding: Finding) -> str:
        row = next((finding.row.removesuffix(line) for line in self.lines if finding.row.endswith(line)), finding.row)
        return self.labels.get(row or "overall", re.sub(r"#\d+$", "", row))

    def every(self) -> set[str]:
        return {rule.format(table=table) for rule in self.rules.values() for table in self.tables.values()}


def cells_of(finding: Finding) -> tuple[str, ...]:
    places = [finding.place, *(term.place for term in finding.terms if term.place is not None)]
    return tuple(dict.fromkeys(f"{place.sheet}!{place.address}" for place in places))


def matched(wanted: list[Failure], found: list[Failure]) -> tuple[list[Failure], list[Failure], list[Failure]]:
    """Right, missed, false."""
    left, right, missed = list(found), [], []
    for failure in wanted:
        rule, row, cells = failure
        hit = next((f for f in left if f[:2] == (rule, row) and f[2][0] == cells[0] and {*cells} <= {*f[2]}), None)
        if hit is None:
            missed.append(failure)
        else:
            left.remove(hit)
            right.append(failure)
    return right, missed, left


def score(folder: Path, rules: str, *, show: bool) -> None:
    book = rulebook.find(rules)
    names = Names(book)
    index = json.loads((folder / "index.json").read_text("utf-8"))
    truth = json.loads((folder / "expected.json").read_text("utf-8"))
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    claimed, seconds, hard, explained = names.every(), [], [], 0
    for entry in index:
        prior = entry["prior_workbook"] and folder / entry["prior_workbook"]
        before = prior if prior and prior.exists() else None
        result, took = checked(book, folder / entry["file"], before)
        seconds.append((took, entry["file"]))
        explained += sum(f.status == "explained" for f in result.findings)
        wanted = [
            (one["rule"], one["row"], tuple(one["cells"]))
            for one in truth
            if one["file"] == entry["file"] and (before or not one["rule"].startswith("prior:"))
        ]
        found = [(name, names.row(f), cells_of(f)) for f in result.findings if (name := names.rule(f)) is not None]
        right, missed, false = matched([f for f in wanted if f[0] in claimed], found)
        for kind, failures in (("expected", wanted), ("right", right), ("missed", missed), ("false", false)):
            for failure in failures:
                counts[failure[0]][kind] += 1
                if show and kind in {"missed", "false"}:
                    print(f"  {kind:7} {entry['file']} {failure}")
        known = {(row, cell) for _, row, cells in wanted for cell in cells[:1]}
        hard += [
            (entry["file"], f.rule, names.row(f), cells_of(f)[:1], f.arithmetic.en)
            for f in result.findings
            if f.level == "hard" and (names.row(f), cells_of(f)[0]) not in known
        ]
    report(counts, claimed)
    print(f"\n{explained} explained by a footnote; hard findings that are not expected: {len(hard)}")
    for one in hard:
        print("  ", *one)
    seconds.sort()
    print(
        f"seconds a workbook: median {seconds[len(seconds) // 2][0]:.2f}, most {seconds[-1][0]:.2f} ({seconds[-1][1]})"
    )


def checked(book: rulebook.Rulebook, path: Path, before: Path | None) -> tuple[Result, float]:
    """The result of one workbook and how long it took, with last year's workbook if there is one."""
    auditor = Auditor((book,), last=before, forced=True)
    begin = time.perf_counter()
    (result,) = auditor.audit([readers.load(path)])
    return result, time.perf_counter() - begin


def report(counts: dict[str, Counter[str]], claimed: set[str]) -> None:
    print(f"{'rule':50} expected  right missed  false")
    total: Counter[str] = Counter()
    for rule in sorted(counts):
        count = counts[rule]
        mark = "" if rule in claimed else "   not claimed"
        line = (count["expected"], count["right"], count["missed"], count["false"])
        print(f"{rule:50} {line[0]:8} {line[1]:6} {line[2]:6} {line[3]:6}{mark}")
        total.update({kind: n for kind, n in count.items() if not mark})
    print(f"{'all claimed':50} {total['expected']:8} {total['right']:6} {total['missed']:6} {total['false']:6}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rules", default="us-foia-annual")
    parser.add_argument("--show", action="store_true", help="every missed and every false one")
    given = parser.parse_args()
    score(given.folder, given.rules, show=given.show)
