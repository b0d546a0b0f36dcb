"""Final accounts as published: how many printed sums hold, how many only by rounding, and which statements are wrong.

    python bench/accounts_score.py FILE.jsonl [--plain]

One disclosure a line: ``id``, ``unit``, ``numbers.tables`` (a list of ``page`` and ``rows``: the cells of each table
as extracted from a PDF, page by page; a table goes on without a header). Its titles are put before the tables in the
order of the eastern form; ``--plain`` leaves them out. ``STATED`` holds sentences of three disclosures of 2024 that
contradict their tables, and the rule that has to find each.
"""

from __future__ import annotations

import json
import sys
import time
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from auditkit import rulebook
from auditkit.audit import Auditor
from auditkit.model.document import Document, Grid, Paragraph, Source
from auditkit.model.finding import Result
from auditkit.numerals import parse

TITLES = (
    "收入支出决算总表",
    "收入决算表",
    "支出决算表",
    "财政拨款收入支出决算总表",
    "一般公共预算财政拨款支出决算表",
    "一般公共预算财政拨款基本支出决算表",
    "财政拨款“三公”经费支出决算表",
    "政府性基金预算财政拨款收入支出决算表",
    "国有资本经营预算财政拨款收入支出决算表",
)
HEADS = ("项目", "收入", "经济分类", "经济分类科目编码", "财政拨款“三公”经费")
STATED: dict[str, tuple[tuple[str, str], ...]] = {
    "上海市普陀区财政局": (
        ("上海市普陀区财政局2024年度财政拨款收入支出总计0.3万元。", "JS450"),
        (
            "一般公共预算财政拨款支出2,940.05万元，主要用于以下方面：一般公共服务支出（类）2,106.66万元，占71.73%。",
            "JS552",
        ),
        ("一般公共预算财政拨款基本支出2,336.91万元，其中：人员经费2,152.26万元；公用经费184.65万元。", ""),
    ),
    "中共上海市普陀区委社会工作部": (
        ("行政运行（项）。年初预算为0万元，支出决算为51.32万元，完成年初预算的95.89%。", "PR119"),
        ("本部门无政府性基金预算财政拨款支出，仍保留该表格式。", "PR409"),
        ("本年支出合计307.82万元，其中：基本支出105.58万元，占34.30%；项目支出202.24万元，占65.70%。", ""),
    ),
    "上海市普陀区规划和自然资源局": (
        ("一般公共预算财政拨款基本支出5,377.64万元，其中：人员经费4,896.98万元。", "JS553"),
        ("一般公共预算财政拨款基本支出5,364.75万元，其中：人员经费4,896.98万元。", "JS650"),
        ("一般公共预算财政拨款支出9,746.50万元，占本年支出合计的99.86%。", "JS550"),
        ("财政拨款收入支出总计增加120.50万元，增长 13.95。公务接待费比上年下降5%。", "JS960"),
        ("公务接待费支出比2023年度减少0.15万元，下降（增长）27.78%。", "PR409"),
        ("部门：上海市规划和自然资源局", "JS104"),
        ("政府采购金额为2,319.21万元，其中：货物采购金额19.22万元、工程采购金额0万元、服务采购金额2,300.00万元。", ""),
    ),
}
"""Unit → sentence, and the rule that finds it; nothing may be found where there is none."""


def document(record: dict[str, Any], said: str = "", *, titled: bool = True) -> Document:
    """A disclosure as a Word document would hold it: titles, grids page by page, one sentence of the text."""
    paragraphs = [Paragraph(1, f"{record['unit']}2024年度部门决算")]
    grids: list[Grid] = []
    titles = iter(TITLES)
    for page, table in enumerate(record["numbers"]["tables"], 1):
        rows = [tuple(row) for row in table["rows"]]
        if rows[0][0] in HEADS and titled:
            paragraphs.append(Paragraph(len(paragraphs) + 1, next(titles)))
        grids.append(Grid(f"表{page}", rows, after=len(paragraphs)))
    if said.startswith("部门："):
        grids[0] = Grid("表1", [(said, *[""] * (len(grids[0].rows[0]) - 1)), *grids[0].rows], after=grids[0].after)
    elif said:
        paragraphs.append(Paragraph(len(paragraphs) + 1, said))
    return Document(f"{record['unit']}.docx", "word", tuple(grids), tuple(paragraphs))


def checked(record: dict[str, Any], said: str = "", *, titled: bool = True) -> Result:
    """One disclosure through the whole program."""
    made = document(record, said, titled=titled)
    auditor = Auditor((rulebook.find("cn-final-accounts"),), forced=True, read=lambda _: made)
    return next(iter(auditor.audit([Source(made.name, b"")])))


def sums(record: dict[str, Any]) -> Iterator[tuple[Decimal, int]]:
    """(residual, addends that are not 0) of every printed sum over codes or along a row, read without this program."""
    for rows in _lists(record):
        wide = max(map(len, rows))
        for row in rows:
            numbers = [n for column in range(wide) if (n := _number(row, column)) is not None]
            if len(numbers) > 1 and _code(row, wide) and not _code(row[wide // 2 :], wide):
                yield numbers[0] - sum(numbers[1:]), sum(1 for number in numbers[1:] if number)
        for column in range(wide):
            held: dict[str, Decimal] = {}
            for row in rows:
                if (code := _code(row, column)) and (number := _number(row, column)) is not None:
                    held[code] = number
            for code, total in held.items():
                below = [v for c, v in held.items() if c != code and _parent(c, held) == code]
                if below:
                    yield total - sum(below), sum(1 for v in below if v)


def _lists(record: dict[str, Any]) -> Iterator[list[list[str]]]:
    made: list[list[list[str]]] = []
    for table in record["numbers"]["tables"]:
        if table["rows"][0][0] in HEADS or not made:
            made.append([])
        made[-1] += table["rows"]
    yield from (rows for rows in made if any(_code(row, len(row)) for row in rows))


def _code(row: list[str], column: int) -> str:
    """The code that names a cell's row: the nearest one to its left, in one cell or in 类, 款, 项."""
    code, last = "", 0
    for at, cell in enumerate(row[:column]):
        text = cell.strip()
        if text in {"合计", "人员经费合计", "公用经费合计"} and not code:
            code = "" if text != "合计" else "合计"
        elif text.isdigit() and len(text) in (3, 5, 7):
            code, last = text, at
        elif text.isdigit() and len(text) == 2 and code and at == last + 1:
            code, last = code + text, at
    return code


def _number(row: list[str], column: int) -> Decimal | None:
    text = row[column].strip()
    return None if "." not in text else parse(text).number


def _parent(code: str, held: dict[str, Decimal]) -> str:
    if code == "合计":
        return ""
    return next((code[:n] for n in range(len(code) - 1, 0, -1) if code[:n] in held), "合计")


def main(path: str, *, titled: bool) -> None:
    """Print one line a disclosure, then the totals."""
    residuals: Counter[str] = Counter()
    found = missed = false = 0
    for line in Path(path).read_text("utf-8").splitlines():
        record = json.loads(line)
        if record["kind"] != "table-final-accounts":
            continue
        start = time.perf_counter()
        result = checked(record, titled=titled)
        took = time.perf_counter() - start
        residuals.update(f"{abs(residual):f}" for residual, _ in sums(record))
        passed = sum(tally.passed for code, tally in result.tallies.items() if code.startswith("JS"))
        print(f"{record['unit']}: {passed} checks hold, {len(result.findings)} findings, {took:.2f} s")
        for finding in result.findings:
            print("   ", finding.rule, finding.place.to("zh"), finding.arithmetic.zh)
        for said, code in STATED.get(record["unit"], ()):
            rules = {finding.rule for finding in checked(record, said, titled=titled).findings}
            found, missed = found + (code in rules), missed + bool(code and code not in rules)
            false += bool(not code and rules)
            mark = "=" if code in rules or not (code or rules) else "×"
            print(f"    {mark} {code or '-'} {sorted(rules)} {said[:40]}")
    print(f"printed sums: {sum(residuals.values())}, residuals {dict(sorted(residuals.items()))}")
    print(f"statements that contradict a table: {found} found, {missed} missed; of the right ones {false} accused")


if __name__ == "__main__":
    main(sys.argv[1], titled="--plain" not in sys.argv)
