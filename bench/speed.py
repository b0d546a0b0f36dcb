"""Speed of checking many small workbooks, as ratios in one run: the machines are noisy, absolute times mean little.

    python bench/speed.py [--files 1000] [--rounds 3]

Compares, over the same files: a bare calamine read of every sheet; auditkit's verdict on each (read, guarded, bound,
every rule of the form, cells by pandera); and the script a user would write with pandas and openpyxl for the same
three identities of table 三. Then the time to start: ``--help`` and one check against ``import pandas``.
"""

from __future__ import annotations

import argparse
import io
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import xlsxwriter
from python_calamine import CalamineWorkbook

from auditkit.audit import auditor, sources

ROWS = [
    "一、本年新收政府信息公开申请数量", "二、上年结转政府信息公开申请数量", "（一）予以公开", "（二）部分公开",
    "1.属于国家秘密", "2.其他法律行政法规禁止公开", "3.危及“三安全一稳定”", "4.保护第三方合法权益",
    "5.属于三类内部事务信息", "6.属于四类过程性信息", "7.属于行政执法案卷", "8.属于行政查询事项",
    "1.本机关不掌握相关政府信息", "2.没有现成信息需要另行制作", "3.补正后申请内容仍不明确", "1.信访举报投诉类申请",
    "2.重复申请", "3.要求提供公开出版物", "4.无正当理由大量反复申请", "5.要求行政机关确认或重新出具已获取信息",
    "1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请",
    "2.申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请", "3.其他", "（七）总计",
    "四、结转下年度继续办理",
]  # fmt: skip
COLUMNS = ["自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", "总计"]
PARTS = ["结果维持", "结果纠正", "其他结果", "尚未审结", "总计"]


def figures(chance: random.Random) -> tuple[list[list[int]], list[int]]:
    """Table 三 and table 四 of one office, all identities right: a few busy cells, many zeros."""
    columns = []
    for share in (200, 12, 1, 2, 5, 2):
        leaves = [chance.randrange(share) if chance.random() < 0.4 else 0 for _ in range(21)]
        handled, carried_out = sum(leaves), chance.randrange(share)
        carried_in = min(chance.randrange(share), handled + carried_out)
        columns.append([handled + carried_out - carried_in, carried_in, *leaves, handled, carried_out])
    rows = [[column[r] for column in columns] for r in range(25)]
    third = [[*row, sum(row)] for row in rows]
    blocks = [[chance.randrange(9) for _ in range(4)] for _ in range(3)]
    return third, [n for block in blocks for n in (*block, sum(block))]


def write(path: Path, unit: str, chance: random.Random) -> None:
    """One submission: three tables in one sheet, merged headers, as the form prints them."""
    third, fourth = figures(chance)
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("年报")
        sheet.write(0, 0, f"{unit}2024年政府信息公开工作年度报告")
        row = 2
        for title, head, lines in (
            ("第二十条第（一）项", ["信息内容", "本年制发件数", "本年废止件数", "现行有效件数"],
             [["规章", 0, 0, 0], ["行政规范性文件", 3, 1, 12]]),
            ("第二十条第（五）项", ["信息内容", "本年处理决定数量"], [["行政许可", chance.randrange(5000)]]),
            ("第二十条第（六）项", ["信息内容", "本年处理决定数量"],
             [["行政处罚", chance.randrange(900)], ["行政强制", chance.randrange(90)]]),
            ("第二十条第（八）项", ["信息内容", "本年收费金额（单位：万元）"], [["行政事业性收费", 12.5]]),
        ):  # fmt: skip
            for line in ([title], head, *lines):
                sheet.write_row(row, 0, line)
                row += 1
        sheet.write(row, 0, "三、收到和处理政府信息公开申请情况")
        sheet.merge_range(row + 1, 2, row + 1, 8, "申请人情况")
        sheet.write(row + 2, 2, "自然人")
        sheet.merge_range(row + 2, 3, row + 2, 7, "法人或其他组织")
        sheet.write_row(row + 3, 3, COLUMNS[1:6])
        sheet.merge_range(row + 2, 8, row + 3, 8, "总计")
        row += 4
        groups = {4: "（三）不予公开", 12: "（四）无法提供", 15: "（五）不予处理", 20: "（六）其他处理"}
        for i, (label, numbers) in enumerate(zip(ROWS, third, strict=True)):
            sheet.write(row, 0, groups.get(i, ""))
            sheet.write(row, 1, label)
            sheet.write_row(row, 2, numbers)
            row += 1
        sheet.write(row + 1, 0, "四、政府信息公开行政复议、行政诉讼情况")
        sheet.merge_range(row + 2, 0, row + 2, 4, "行政复议")
        sheet.merge_range(row + 2, 5, row + 2, 14, "行政诉讼")
        sheet.merge_range(row + 3, 5, row + 3, 9, "未经复议直接起诉")
        sheet.merge_range(row + 3, 10, row + 3, 14, "复议后起诉")
        sheet.write_row(row + 4, 0, PARTS * 3)
        sheet.write_row(row + 5, 0, fourth)


def bare(paths: list[Path]) -> None:
    """The floor: every sheet's values."""
    for path in paths:
        book = CalamineWorkbook.from_filelike(io.BytesIO(path.read_bytes()))
        for name in book.sheet_names:
            book.get_sheet_by_name(name).to_python(skip_empty_area=False)


def ours(paths: list[Path]) -> None:
    """Verdicts on all files by every rule of the form."""
    verdicts = [result.verdict for result in auditor(rules="cn-disclosure-2021").audit(sources(paths))]
    assert verdicts == ["pass"] * len(paths), verdicts[:5]


def script(paths: list[Path]) -> None:
    """What a user would write: read with openpyxl, find the rows by their labels, three identities of table 三."""
    for path in paths:
        frame = pd.read_excel(path, header=None, engine="openpyxl")
        labels = frame[1].astype(str)
        first = labels[labels.str.startswith("一、本年新收")].index[0]
        table = frame.loc[first : first + 24, 2:8].apply(pd.to_numeric).reset_index(drop=True)
        assert (table[8] == table[[2, 3, 4, 5, 6, 7]].sum(axis=1)).all()
        assert (table.iloc[2:23].sum() == table.iloc[23]).all()
        assert (table.iloc[0] + table.iloc[1] == table.iloc[23] + table.iloc[24]).all()


def timed(work: Callable[[list[Path]], None], paths: list[Path]) -> float:
    """Seconds of CPU a file."""
    start = time.process_time()
    work(paths)
    return (time.process_time() - start) / len(paths)


def started(*command: str) -> float:
    """Seconds to run a command, the best of five."""
    times = []
    for _ in range(5):
        start = time.perf_counter()
        subprocess.run([sys.executable, *command], check=False, capture_output=True)
        times.append(time.perf_counter() - start)
    return min(times)


def main() -> None:
    """Write the files, take turns, print ratios."""
    options = argparse.ArgumentParser()
    options.add_argument("--files", type=int, default=1000)
    options.add_argument("--rounds", type=int, default=3)
    given = options.parse_args()
    chance = random.Random(1)
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder) / f"第{n}镇_2024.xlsx" for n in range(given.files)]
        for n, path in enumerate(paths):
            write(path, f"第{n}镇", chance)
        ours(paths[:20])
        rounds = [(timed(bare, paths), timed(ours, paths), timed(script, paths[:100])) for _ in range(given.rounds)]
        reads, checks, scripts = (statistics.median(column) for column in zip(*rounds, strict=True))
        print(f"{given.files} workbooks, {given.rounds} rounds, medians of CPU a file")
        print(f"  bare calamine read             {reads * 1000:7.2f} ms   1.0 x")
        print(f"  auditkit, every rule           {checks * 1000:7.2f} ms   {checks / reads:.1f} x the bare read")
        print(f"  pandas + openpyxl script       {scripts * 1000:7.2f} ms   {scripts / checks:.1f} x auditkit")
        pandas = started("-c", "import pandas")
        helped = started("-m", "auditkit", "--help")
        checked = started("-m", "auditkit", "check", str(paths[0]))
        print(f"start-up, best of five: import pandas {pandas:.2f} s (1.0 x)")
        print(f"  auditkit --help                {helped:7.2f} s    {helped / pandas:.2f} x")
        print(f"  auditkit check one file        {checked:7.2f} s    {checked / pandas:.2f} x")


if __name__ == "__main__":
    main()
