"""Laws of binding: how a table is printed never changes what its cells say, nor does having seen the layout before."""

from __future__ import annotations

import math
import re

from hypothesis import given, settings
from hypothesis import strategies as st

from auditkit.bind import Binder
from auditkit.labels import fold
from auditkit.model.document import Grid, SheetFacts, State
from auditkit.model.words import Fault
from test_bind_forms import GK2019, GK2021, T3, T4, T21, T25, T26, Printed, document, form, print_table

FORM = form("f", T21, T25, T26, T3, T4)
PLAIN = settings(deadline=None, max_examples=35)

orders = st.sampled_from(["form", "reversed", "shuffled"])


@st.composite
def sayings(draw):
    """A way to write labels: numbering, width, spaces, line breaks, bracketed years."""
    number = draw(st.sampled_from(["as is", "none", "、", "．", "（）", "full"]))
    inside = draw(st.sampled_from(["", " ", "\n", "　", "\u200b"]))
    tail = draw(st.sampled_from(["", "(2023)", "（2023年）", " "]))

    def say(text: str) -> str:
        words = fold(text)
        digits = re.match(r"[（(]?([0-9一二三四五六七八]+)[)）.、]", text)
        if number != "as is" and digits:
            heads = {"none": "", "full": f"{digits[1].translate(WIDE)}．"}
            text = heads.get(number, f"（{digits[1]}）" if number == "（）" else f"{digits[1]}{number}") + words
        return inside.join((text[:-1], text[-1])) + tail

    return say


WIDE = str.maketrans("0123456789", "０１２３４５６７８９")

writings = st.sampled_from(
    [
        float,
        int,
        str,
        lambda n: f"{n:,}",
        lambda n: str(n).translate(WIDE),
        lambda n: f" {n} ",
        lambda n: f"{n}件",
        lambda n: f"{n}.00",
    ]
)


@st.composite
def printings(draw, one=FORM):
    """A document of the form in any layout, and what its slots must say."""
    sheets, how = [], draw(st.sampled_from(["merged", "blank", "repeated"]))
    say, write, stub = draw(sayings()), draw(writings), draw(st.sampled_from([None, None, 1]))
    together = draw(st.booleans())
    sheet, expected, rng = Printed(), [], draw(st.randoms(use_true_random=False))
    for each in one:
        if not together:
            sheet = Printed()
        left, above = draw(st.integers(0, 3)), draw(st.integers(0, 2))
        for note in range(above):
            sheet.put(sheet.height, left, ["填报单位：某某办", "（本页为附表）"][note])
        if draw(st.booleans()):
            sheet.put(sheet.height, left, f"某某{each.titles[0]}")
        order = list(range(len(each.columns.lines)))
        rng.shuffle(order) if draw(orders) == "shuffled" else order.sort(reverse=draw(orders) == "reversed")
        values = [[rng.randrange(10 ** rng.randrange(1, 6)) for _ in each.columns.lines] for _ in each.rows.lines]
        written = [[None if rng.random() < 0.05 else write(v) for v in row] for row in values]
        narrow = stub if any(any(line.labels) for line in each.rows.lines) else None
        print_table(sheet, each, written, left=left, order=order, say=say, stub=narrow)
        sheet.put(sheet.height, left, None)
        expected += [
            math.nan if w is None else v
            for wr, vr in zip(written, values, strict=True)
            for w, v in zip(wr, vr, strict=True)
        ]
        if not together:
            sheets.append(sheet.grid(f"表{each.id}", how))
    return document(*(sheets or [sheet.grid("附表", how)])), expected


@PLAIN
@given(printings())
def test_no_layout_changes_a_value(printed):
    printed, expected = printed
    filled = Binder((FORM,)).bind(printed)
    assert not filled.missing
    assert not filled.notes
    blank = [math.isnan(v) for v in expected]
    assert [s == State.BLANK for s in filled.states] == blank
    assert [v for v in filled.values if not math.isnan(v)] == [v for v in expected if not math.isnan(v)]
    assert all(filled.cell(slot).number == v for slot, v in enumerate(expected) if not blank[slot])


@PLAIN
@given(printings(), st.integers(0, 4), st.integers(0, 3))
def test_the_origin_may_move(printed, down, right):
    printed, _ = printed
    moved = [
        Grid(
            grid.name,
            [[None] * (right + len(row)) for row in grid.rows[:1] * down]
            + [[None] * right + [*row] for row in grid.rows],
            tuple((a + down, b + right, c + down, d + right) for a, b, c, d in grid.merges),
        )
        for grid in printed.grids
    ]
    one, two = (Binder((FORM,)).bind(document(*grids)) for grids in (printed.grids, moved))
    assert same(one.values) == same(two.values)
    assert one.states == two.states


def same(values):
    return [None if math.isnan(v) else v for v in values]


@st.composite
def batches(draw):
    """Documents of few layouts, with anything changed here and there."""
    forms = draw(st.sampled_from([(FORM,), (GK2021, GK2019)]))
    firsts = [draw(printings(forms[0]))[0] for _ in range(draw(st.integers(1, 2)))]
    files = []
    for _ in range(draw(st.integers(2, 6))):
        first = draw(st.sampled_from(firsts))
        grids = [Grid(g.name, [[*row] for row in g.rows], g.merges, facts=FACTS) for g in first.grids]
        for _ in range(draw(st.sampled_from([0, 0, 1, 1, 2, 4]))):
            rows = draw(st.sampled_from(grids)).rows
            row = draw(st.integers(0, len(rows) - 1))
            rows[row][draw(st.integers(0, len(rows[row]) - 1))] = draw(st.sampled_from(CHANGES))
        files.append(document(*grids, name=draw(st.sampled_from(["a.xlsx", "2020年.xlsx", "2024年.xlsx"]))))
    return forms, files


CHANGES = (
    *(None, "", " ", 0.0, 7.5, 2024.0, True, "12", "—", "无", "不详", "#REF!", float("nan"), 1e300),
    *("总计", "其他", "行政许可", "结果维持", "3.其他", "（三）不予公开", "一、本年新收", "法人或其他组织", "行政复议"),
    *(
        "2024年政府信息公开工作年度报告",
        "第二十条第（六）项",
        "本年处理决定数量",
        "注：无",
        "某某街道",
        "单位：元",
        "1.属于国家",
    ),
)


def FACTS():
    return SheetFacts(errors={(3, 2): "#REF!"}, uncalculated=frozenset({(4, 3)}), formats={(5, 3): "0%"})


def everything(binder, one):
    try:
        filled = binder.bind(one)
    except Fault as fault:
        return fault.code, fault.to("zh"), fault.to("en")
    cells = [filled.cell(slot) for slot in range(0, filled.form.size, 7)]
    return (
        filled.form.id,
        *(dict(filled.spots), dict(filled.missing), filled.notes, filled.words),
        *(repr(filled.values), filled.states, repr(cells)),
    )


@settings(PLAIN, max_examples=35)
@given(batches())
def test_having_seen_a_layout_changes_nothing(batch):
    forms, files = batch
    seen = Binder(forms)
    for one in files:
        assert everything(seen, one) == everything(Binder(forms), one)
        assert everything(seen, one) == everything(seen, one)
