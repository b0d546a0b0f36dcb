"""The report as it is published: six sections of text with the tables in them, as Word and as a web page.

The text says what the published figures say and no more; sections without figures are marked as left out. Of 宿迁市
2024 one sentence is left out too: reviews and suits 备案 (134, 57) are another measure than table 四 (170, 77).
"""

from __future__ import annotations

import html
import io
from collections.abc import Callable
from typing import Any, Literal

import docx
from forms import T2_CAPTION, T3, T3_CAPTION, T4_CAPTION, Report
from layouts import Part, Style, parts
from writers import DAY, repack

Piece = tuple[Literal["title", "heading", "body"], str] | tuple[Literal["table"], Part]

BASIS = {
    "2021": "〈中华人民共和国政府信息公开工作年度报告格式〉的通知》（国办公开办函〔2021〕30号）",
    "2019": "政府信息公开工作年度报告有关事项的通知》（国办公开办函〔2019〕60号）",
}
LEFT_OUT = "公布的报告中这一部分没有统计数字，本样例从略。"


def pieces(report: Report) -> list[Piece]:
    """The whole report in reading order."""
    tables = parts(report, Style())
    return [
        ("title", report.title),
        ("body", _introduction(report)),
        ("heading", "一、总体情况"),
        ("body", f"（一）主动公开。{_published(report)}"),
        ("body", f"（二）依申请公开。{_requests(report)}"),
        ("body", f"（三）政府信息管理、政府信息公开平台建设、监督保障。{LEFT_OUT}"),
        ("heading", T2_CAPTION),
        ("table", tables["二"]),
        ("heading", T3_CAPTION),
        ("table", tables["三"]),
        ("heading", T4_CAPTION),
        ("table", tables["四"]),
        ("heading", "五、存在的主要问题及改进情况"),
        ("body", LEFT_OUT),
        ("heading", "六、其他需要报告的事项"),
        ("body", _fees(report)),
    ]


def _introduction(report: Report) -> str:
    year = report.year
    return (
        f"本报告依据《中华人民共和国政府信息公开条例》和《国务院办公厅政府信息与政务公开办公室关于印发{BASIS[report.form]}"
        "编制。报告由总体情况、主动公开政府信息情况、收到和处理政府信息公开申请情况、政府信息公开行政复议、行政诉讼情况、"
        "存在的主要问题及改进情况、其他需要报告的事项六个部分组成。"
        f"本报告中所列数据的统计期限为{year}年1月1日至{year}年12月31日。"
    )


def _published(report: Report) -> str:
    rules, documents = report.figures["T21"]["规章"], report.figures["T21"]["规范性文件"]
    return (
        f"{report.year}年，制发规章{rules[0]}件、行政规范性文件{documents[0]}件，"
        f"废止规章{rules[1]}件、行政规范性文件{documents[1]}件，现行有效规章{rules[2]}件、行政规范性文件{documents[2]}件。"
    )


def _requests(report: Report) -> str:
    said = report.narrative
    if "收办" in said:
        return _handled_whole(report)
    if "受理" in said:
        return _accepted(report)
    table = report.figures["T3"]
    received, closed = table["新收"], table["办理总计"]
    return (
        f"{report.year}年，新收政府信息公开申请{received[6]}件，其中自然人{received[0]}件，"
        f"法人或其他组织{sum(received[1:6])}件；上年结转{table['上年结转'][6]}件。"
        f"全年办结{closed[6]}件，结转下年度继续办理{table['结转下年'][6]}件。"
    )


def _handled_whole(report: Report) -> str:
    said, table = report.narrative, report.figures["T3"]
    people = table["新收"][0] + table["上年结转"][0]
    groups = "、".join(f"{name}{_outcome(report, name)}件" for name in ("不予公开", "无法提供", "不予处理"))
    return (
        f"{report.year}年，全市共收办政府信息公开申请{said['收办']}件，其中新收{table['新收'][6]}件、"
        f"上年结转{table['上年结转'][6]}件；自然人申请{people}件，法人或其他组织申请{said['收办'] - people}件。"
        f"全年予以公开{table['予以公开'][6]}件、部分公开{table['部分公开'][6]}件、{groups}、"
        f"其他处理（含申请人主动撤回申请）{_outcome(report, '其他处理')}件，转下年度继续办理{table['结转下年'][6]}件。"
    )


def _outcome(report: Report, group: str) -> int:
    rows = [row for row, path in T3[report.form] if len(path) > 1 and path[1].endswith(group)]
    return sum(int(report.figures["T3"][row][6] or 0) for row in rows)


def _accepted(report: Report) -> str:
    said = report.narrative
    states = ("结果维持", "结果纠正", "其他结果", "尚未审结")
    reviews, suits = said["复议"], said["诉讼"]
    listed = ["、".join(f"{s}{n}件" for s, n in zip(states, numbers, strict=False)) for numbers in (reviews, suits)]
    return (
        f"{report.year}年，全市各级行政机关共受理政府信息公开申请{said['受理']}件，答复{said['答复']}件"
        f"（含上年度结转{said['上年结转']}件，另有{said['顺延']}件顺延至下年度办理）。"
        f"因政府信息公开引发行政复议{reviews[4]}件，其中{listed[0]}；行政诉讼{suits[4]}件，其中{listed[1]}。"
    )


def _fees(report: Report) -> str:
    fees = report.narrative.get("信息处理费_元")
    if fees is None:
        return f"{report.year}年度没有收取信息处理费，没有其他需要报告的事项。"
    if isinstance(fees, int):
        return f"{report.year}年，全市收取信息处理费{fees}元。"
    total, each = fees
    return f"{report.year}年，全市共收取信息处理费{len(each)}件{total}元，分别为{'、'.join(f'{n}元' for n in each)}。"


def word(report_pieces: list[Piece]) -> bytes:
    """A .docx of the pieces."""
    document = docx.Document()
    core = document.core_properties
    core.author, core.title, core.created, core.modified = "", "", DAY, DAY
    for kind, content in report_pieces:
        if isinstance(content, Part):
            _word_table(document, content)
        elif kind == "title":
            document.add_heading(content, 0)
        elif kind == "heading":
            document.add_heading(content, 1)
        else:
            document.add_paragraph(content)
    out = io.BytesIO()
    document.save(out)
    return repack(out.getvalue())


def _word_table(document: Any, part: Part) -> None:
    made = document.add_table(rows=len(part.rows), cols=part.width)
    made.style = "Table Grid"
    cells = [list(row.cells) for row in made.rows]
    for top, left, bottom, right in part.merges:
        cells[top][left].merge(cells[bottom][right])
    for row, values in zip(cells, part.rows, strict=True):
        for cell, value in zip(row, values, strict=False):
            if value is not None:
                cell.text = _shown(value)


def web(report_pieces: list[Piece]) -> bytes:
    """A page of a government website, saved: menus around the text, tables with row and column spans."""
    title = next(content for kind, content in report_pieces if kind == "title")
    tags: dict[str, Callable[[Any], str]] = {
        "title": lambda text: f'<h1 style="text-align:center">{html.escape(text)}</h1>',
        "heading": lambda text: f"<p><strong>{html.escape(text)}</strong></p>",
        "body": lambda text: f'<p style="text-indent:2em">{html.escape(text)}</p>',
        "table": _web_table,
    }
    body = "\n".join(tags[kind](content) for kind, content in report_pieces)
    return (
        '<!DOCTYPE html>\n<html lang="zh-CN"><head><meta charset="utf-8">'
        f"<title>{html.escape(str(title))}</title>\n"
        "<style>table{border-collapse:collapse}td{border:1px solid}</style>"
        "<script>var visits = 2024;</script></head>\n"
        '<body><div class="nav"><a href="#">首页</a> &gt; <a href="#">政府信息公开</a> &gt; '
        '<a href="#">政府信息公开年报</a></div>\n'
        f'<div class="article">\n{body}\n</div>\n'
        '<div class="footer">版权所有&nbsp;&nbsp;网站地图&nbsp;&nbsp;联系我们</div></body></html>\n'
    ).encode()


def _web_table(part: Part) -> str:
    spans = {(t, l): (b - t + 1, r - l + 1) for t, l, b, r in part.merges}
    covered = {(i, j) for t, l, b, r in part.merges for i in range(t, b + 1) for j in range(l, r + 1)} - spans.keys()
    lines = []
    for r, row in enumerate(part.rows):
        cells = [_td(value, spans.get((r, c))) for c, value in enumerate(row) if (r, c) not in covered]
        lines.append(f"<tr>{''.join(cells)}</tr>")
    return "<table>\n" + "\n".join(lines) + "\n</table>"


def _td(value: Any, span: tuple[int, int] | None) -> str:
    high, wide = span or (1, 1)
    rows = f' rowspan="{high}"' if high > 1 else ""
    columns = f' colspan="{wide}"' if wide > 1 else ""
    text = html.escape(_shown(value)).replace("\n", "<br>") if value is not None else "&nbsp;"
    return f"<td{rows}{columns}>{text}</td>"


def _shown(value: Any) -> str:
    held = getattr(value, "value", value)
    return "" if held is None else str(held)
