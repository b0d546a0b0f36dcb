"""The items of a list of parts: which numbers behind its opening are parts, and where other words begin."""

from __future__ import annotations

import re
from collections.abc import Sequence

from auditkit.prose.quantities import Quantity
from auditkit.prose.reading import Line

AUDIENCE = re.compile(r"阅读|点击|浏览|访问|关注|粉丝|转发|播放|点赞|评论|转载|曝光|下载")
_NO_PART = re.compile(rf"{AUDIENCE.pattern}|^完成[^，]*(?:预算|任务|计划)|下[设辖]$")
_MOVE = re.compile(r"(?:同比|比上年|较上年|新|净)*(?:增加|减少|增长|下降|上升|降低|提高)了?")
"""How a number that is a change and no part is named: 移动用户82万户，新增加23万户."""
_MOVED = tuple("加少长降升低高了")
_MEASURE = re.compile(r"\s*(?:[公平立延]|千?[瓦克米升]|[美港欧日]元)")
"""What is measured in these is no part of what is counted: 大桥4257座、753.54万延米."""
_VERB = re.compile(
    r"^(?:均|已|全部|并|还|也|共|另|另有|按时|依法|及时|本年|全年|年内|我[镇乡局市县区委街]\S{0,4}?)*"
    r"(?:办结|答复|回复|办理(?!结果)|结转|顺延|转入|同意|予以|受理|收到|接到|召开|举办|组织(?!机构|人事)|开展|接受|参加|发放|张贴"
    r"|制发|印发|录用|采用|审核|上报|报送|涉及|占"
    r"|审结|执结|未结|尚有|完成|拨付|减免|追回|惠及|带动|投入|争取|实现|吸引)"
)
_OUTCOME = re.compile(r"公开|属于|不存在|无法提供|不予处理|告知")
_TOTAL = re.compile(
    r"^(?:总计|合计|共计|累计|总数|共|全年|另外|此外|同时|同比|环比|比|较|年末|年底|期末|[人户日月年亩平]均)|合计|总计|累计|共计"
    r"|[三四五六七八九十]大(?:税种|行业|产业)"
)
"""Totals and other statements; 增值税、营业税等五大税种 is what some of the parts make together."""
_LATER = re.compile(r"结转|顺延|上年|上一?年度?|去年|下年|延期(?!办结|答复)|转下")
REST = re.compile(r"其他|其它|其余|剩余|余下|尚未审结|尚在审理|正在审理")
_THIS_YEAR = re.compile(r"新(?:收|接|增|受理)|本年|当年")
_CLAUSE = re.compile(r"[，,;、]")


def items_of(line: Line, items: Sequence[Quantity], unit: str, depth: int, start: int) -> tuple[list[Quantity], bool]:
    """The items of the list, and whether it ran into words that are no longer the list."""
    parts: list[Quantity] = []
    previous = start
    for q in items:
        gap = line.text[previous : q.start].lstrip('，,;、:()”“" 和及与以')
        own = _CLAUSE.split(gap)[-1]
        gap = own if not own or REST.fullmatch(own) else gap  # before it stands the name of the part before
        if parts and q.label.endswith(_MOVED) and _MOVE.fullmatch(q.label) and not _MOVE.fullmatch(parts[0].label):
            previous = q.end
            continue
        if q.depth > depth or q.kind in {"percent", "points", "times"} or _NO_PART.search(q.label):
            previous = q.end
            continue
        if parts and ";" in line.text[parts[-1].end : q.start] and REST.search(parts[-1].label):
            return parts, False  # 其他案件3件；审结80件: after the rest nothing of the list is left
        if parts and (_TOTAL.search(gap) or _is_new(gap, _first_gap(line, parts, start))):
            return parts, ";" not in line.text[parts[-1].end : q.start]
        if q.unit == unit or (not q.unit and q.label and not _MEASURE.match(line.text, q.end)):
            if _LATER.search(q.label):
                if len(parts) == 1 and "结转" in q.label and _THIS_YEAR.search(parts[0].label):
                    return [*parts, q], False  # 处理92件，其中新收91件、上年结转1件
                return parts, True  # what another year left or gets is a statement of its own
            if q.approximate:
                return parts, True
            parts.append(q)
        previous = q.end
    return parts, False


def _is_new(gap: str, first: str) -> bool:
    """A statement of its own, unless the list began like that: 属于已主动公开范围23件、同意公开答复68件."""
    return bool(_VERB.search(gap)) and not (_VERB.search(first) or (_OUTCOME.search(gap) and _OUTCOME.search(first)))


def _first_gap(line: Line, parts: Sequence[Quantity], start: int) -> str:
    return line.text[start : parts[0].start].lstrip('，,;、:()”“" 和及与以')
