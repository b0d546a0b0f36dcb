"""What the words cost: a 200-page Word file and a 5 MB web page, read and judged; python bench/prose_speed.py.

Prints seconds and peak memory of reading alone, with our reader and with python-docx, and of every prose rule over
what was read. Both files are made here, of sentences, figures, headings and tables. Then texts that nobody writes,
each twice, once half as long: what they cost per MB must not grow with their length.
"""

from __future__ import annotations

import io
import time
import tracemalloc
from collections.abc import Callable, Iterator
from typing import TypeVar

import docx

from auditkit import prose, readers, rulebook
from auditkit.model.document import Document, Paragraph, Source

T = TypeVar("T")
PAGES = 200
LINES = 24
"""Paragraphs of a page."""
MEGABYTES = 5

WORST: dict[str, Callable[[int], list[str]]] = {
    "digits": lambda n: ["1234567890" * (26 * n)],
    "one sentence": lambda n: ["关于进一步推进政府信息公开工作的意见" * (5 * n)],
    "short headings": lambda n: [f"{'一二三四五六七八九'[i % 9]}、工作情况" for i in range(10 * n)],
    "one heading": lambda n: ["一、工作情况"] * (10 * n),
    "one label": lambda n: [f"全年共公开政府信息{i % 7 + 10}条。" for i in range(5 * n)],
    "lists": lambda n: [f"其中甲类{i % 7 + 10}条，乙类{i % 5}条。" for i in range(5 * n)],
    "wrong shares": lambda n: [f"共收到{i % 7 + 100}件，其中甲{i % 7}件，占{i % 90}.3%。" for i in range(2 * n)],
}
"""Texts that nobody writes, of some multiple of n pieces."""
PIECES = 20_000

SENTENCES = (
    "按照《青山镇政务公开工作要点》第{n}条，镇党政办公室牵头落实，及时更新公开目录和指南，确保各项工作有人抓、有人管。",
    "镇党委、政府高度重视，成立了由镇长任组长的领导小组，定期听取汇报，研究解决工作中遇到的困难和问题。",
    "进一步健全政府信息发布审核机制，严格执行先审查、后公开，组织业务培训{few}次，参加人员{some}人次。",
    "由于历史和现实的原因，公开的内容和形式仍有差距，主要是工作人员少、任务重，主动公开的意识有待加强。",
)


def paragraphs(count: int) -> Iterator[str]:
    """Report text, no two paragraphs alike: mostly sentences, every eighth full of figures."""
    yield "青山镇2023年政府信息公开工作年度报告"
    for n in range(1, count):
        a, b = 100 + n % 700, 10 + n % 90
        if n % 40 == 1:
            yield f"{n // 40 + 1}.第{n}项工作情况"
        elif n % 8 == 0:
            shares = f"占{100 * a / (a + b):.1f}%；其他{b}条，占{100 * b / (a + b):.1f}%"
            change = f"比上年的{a}条增加{b}条，增长{100 * b / a:.1f}%"
            yield f"2023年第{n}项，主动公开政府信息{a + b}条，其中政策文件{a}条，{shares}，{change}。"
        else:
            yield SENTENCES[n % 4].format(n=n, few=n % 9, some=a)


def word_file() -> bytes:
    made = docx.Document()
    for n, text in enumerate(paragraphs(PAGES * LINES)):
        made.add_paragraph(text)
        if n % 300 == 299:
            table = made.add_table(12, 7)
            for cell in table._cells:  # noqa: SLF001 - rows rebuild the list each time
                cell.text = "12"
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def web_page() -> bytes:
    pieces: list[str] = []
    size = 0
    for text in paragraphs(10**6):
        pieces.append(f"<p class='MsoNormal' style='text-indent:32pt'><span>{text}</span></p>\n")
        size += len(pieces[-1].encode())
        if size > MEGABYTES << 20:
            break
    return f"<html><head><meta charset='utf-8'></head><body>{''.join(pieces)}</body></html>".encode()


def measured(work: Callable[[], T]) -> tuple[T, float, float]:
    """Result, the better of two times in seconds of this process, and peak memory in MB."""
    times = []
    for _ in range(2):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    tracemalloc.start()
    result = work()
    peak = tracemalloc.get_traced_memory()[1] / 2**20
    tracemalloc.stop()
    return result, min(times), peak


def report(name: str, data: bytes) -> None:
    rules = rulebook.find("report-prose-zh").prose

    def read() -> Document:
        return readers.read(Source(name, data))

    document, reading, memory = measured(read)
    (findings, _), judging, more = measured(lambda: prose.check(document.paragraphs, file=name, rules=rules))
    letters = sum(len(p.text) for p in document.paragraphs)
    print(f"{name}: {len(data) / 2**20:.1f} MB, {len(document.paragraphs)} paragraphs, {letters} characters")
    print(f"  reading  {reading:6.2f} s  {memory:6.1f} MB")
    if name.endswith(".docx"):
        start = time.process_time()
        sum(len(paragraph.text) for paragraph in docx.Document(io.BytesIO(data)).paragraphs)
        usual = time.process_time() - start
        print(f"  python-docx, paragraphs only  {usual:6.2f} s; words {judging / usual:.2f} of it")
    print(f"  words    {judging:6.2f} s  {more:6.1f} MB   {judging / reading:.2f} of reading, {len(findings)} findings")


def worst(name: str, made: Callable[[int], list[str]]) -> None:
    rules = rulebook.find("report-prose-zh").prose
    told = []
    for pieces in (PIECES // 2, PIECES):
        paragraphs = [Paragraph(number, text) for number, text in enumerate(made(pieces), 1)]
        size = sum(len(p.text.encode()) for p in paragraphs) / 2**20
        start = time.process_time()
        findings, _ = prose.check(paragraphs, file=name, rules=rules)
        told.append(f"{size:4.1f} MB {(time.process_time() - start) / size:5.2f} s per MB, {len(findings)} findings")
    print(f"{name:15} {'; '.join(told)}")


if __name__ == "__main__":
    report("200页.docx", word_file())
    report("5MB.html", web_page())
    for kind, text in WORST.items():
        worst(kind, text)
