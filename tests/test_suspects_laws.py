"""What must hold of error localization whatever the table: laws, the search against the solver, the slips' table."""

from __future__ import annotations

import random
from decimal import Decimal

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from auditkit.suspects import KINDS, Edit, Localization, Quantity, locate
from auditkit.suspects.calibration import FLOORS, confidence, evidence_class, table
from auditkit.suspects.priors import PRIORS
from auditkit.suspects.program import solve
from auditkit.suspects.scaled import scale
from auditkit.suspects.search import Budget, smallest
from auditkit.suspects.singles import complete
from auditkit.suspects.slips import Sum, read
from auditkit.suspects.trial import begin, changed

Figures = list[list[int]]
DRAWN = settings(max_examples=60, deadline=None)


@st.composite
def tables(draw: st.DrawFn) -> Figures:
    """A consistent cross table, margins included, three cells each way at least, many of them zero."""
    height, width = draw(st.integers(2, 5)), draw(st.integers(2, 5))
    figures = st.one_of(st.just(0), st.integers(0, 30), st.integers(0, 99999))
    body = [[draw(figures) for _ in range(width)] for _ in range(height)]
    rows = [[*row, sum(row)] for row in body]
    return [*rows, [sum(column) for column in zip(*rows, strict=True)]]


def edits_of(figures: Figures, slack: str = "0") -> list[Edit]:
    height, width = len(figures), len(figures[0])

    def adds(key: str, cells: list[int]) -> Edit:
        return Edit(key, (*((cell, 1) for cell in cells[:-1]), (cells[-1], -1)), slack=Decimal(slack))

    rows = [adds(f"行{r}", [r * width + c for c in range(width)]) for r in range(height)]
    return rows + [adds(f"列{c}", [r * width + c for r in range(height)]) for c in range(width)]


def quantities_of(figures: Figures, **wrong: int | None) -> list[Quantity]:
    width = len(figures[0])
    made = []
    for i, value in enumerate(figure for row in figures for figure in row):
        shown = wrong.get(f"c{i}", value)
        number = None if shown is None else Decimal(shown)
        made.append(
            Quantity(i, number, "" if shown is None else str(shown), lines=(f"行{i // width}", f"列{i % width}"))
        )
    return made


def residual(edit: Edit, quantities: list[Quantity], changes: dict[int, Decimal]) -> Decimal:
    """The edit's own arithmetic, apart from the code under test; all coefficients are whole here."""
    values = {q.id: changes.get(q.id, q.value or Decimal(0)) for q in quantities}
    return sum((int(a) * values[i] for i, a in edit.terms), Decimal(0))


@DRAWN
@given(tables(), st.data())
def test_a_slip_in_a_cell_of_two_sums_is_always_named(figures: Figures, data: st.DataObject) -> None:
    count = sum(len(row) for row in figures)
    cell = data.draw(st.integers(0, count - 1))
    right = [figure for row in figures for figure in row][cell]
    wrong = data.draw(st.integers(-5, 200000).filter(lambda value: value != right))
    answer = locate(quantities_of(figures, **{f"c{cell}": wrong}), edits_of(figures))
    first = answer.suspicions[0]
    assert (first.alternatives[0].changes[0].quantity, first.alternatives[0].changes[0].value) == (cell, right)
    assert len(answer.suspicions) == len(first.alternatives) == 1


@DRAWN
@given(tables(), st.data())
def test_what_is_said_to_clear_does_clear_and_nothing_hard_breaks(figures: Figures, data: st.DataObject) -> None:
    count = sum(len(row) for row in figures)
    wrong = data.draw(st.dictionaries(st.integers(0, count - 1), st.integers(0, 9999), min_size=1, max_size=4))
    quantities, edits = quantities_of(figures, **{f"c{i}": value for i, value in wrong.items()}), edits_of(figures)
    answer = locate(quantities, edits)
    changes = {c.quantity: c.value for one in answer.suspicions for c in one.alternatives[0].changes}
    cleared = {key for one in answer.suspicions for key in one.clears}
    before = {edit.key for edit in edits if residual(edit, quantities, {})}
    after = {edit.key for edit in edits if residual(edit, quantities, changes)}
    assert after == set(answer.unexplained)
    assert cleared <= before - after
    assert all(value >= 0 and value == int(value) for value in changes.values())
    assert all(one.breaks == () for one in answer.suspicions)


@DRAWN
@given(tables(), st.data())
def test_every_alternative_heals_as_much_as_the_first(figures: Figures, data: st.DataObject) -> None:
    count = sum(len(row) for row in figures)
    wrong = data.draw(st.dictionaries(st.integers(0, count - 1), st.integers(0, 99), min_size=1, max_size=2))
    quantities, edits = quantities_of(figures, **{f"c{i}": value for i, value in wrong.items()}), edits_of(figures)
    answer = locate(quantities, edits)
    firsts = {c.quantity: c.value for one in answer.suspicions for c in one.alternatives[0].changes}
    for one in answer.suspicions:
        without = {c.quantity for c in one.alternatives[0].changes}
        for other in one.alternatives:
            changes = {i: value for i, value in firsts.items() if i not in without}
            changes |= {c.quantity: c.value for c in other.changes}
            assert {e.key for e in edits if residual(e, quantities, changes)} == set(answer.unexplained)


@DRAWN
@given(tables(), st.data())
def test_the_order_things_are_given_in_means_nothing(figures: Figures, data: st.DataObject) -> None:
    count = sum(len(row) for row in figures)
    wrong = data.draw(st.dictionaries(st.integers(0, count - 1), st.integers(0, 99), min_size=1, max_size=4))
    quantities, edits = quantities_of(figures, **{f"c{i}": value for i, value in wrong.items()}), edits_of(figures)
    shuffle = random.Random(data.draw(st.integers()))
    again = locate(shuffle.sample(quantities, len(quantities)), shuffle.sample(edits, len(edits)))
    assert again == locate(quantities, edits)


@DRAWN
@given(tables())
def test_a_consistent_table_has_no_suspects(figures: Figures) -> None:
    assert locate(quantities_of(figures), edits_of(figures)) == Localization()


@DRAWN
@given(st.lists(st.decimals(0, 10**6, places=4), min_size=2, max_size=8))
def test_rounding_alone_raises_no_suspicion(parts: list[Decimal]) -> None:
    step = Decimal("0.1")
    shown = [value.quantize(step) for value in (*parts, sum(parts, Decimal(0)))]
    cells = [Quantity(i, value, f"{value}", step, whole=False) for i, value in enumerate(shown)]
    total = len(parts)
    slack = step / 2 * (total + 1)
    edit = Edit("和", (*((i, 1) for i in range(total)), (total, -1)), slack=slack)
    assert locate(cells, [edit]) == Localization()


@DRAWN
@given(tables(), st.data())
def test_one_unknown_cell_is_found_again(figures: Figures, data: st.DataObject) -> None:
    values = [figure for row in figures for figure in row]
    cell = data.draw(st.sampled_from([i for i, value in enumerate(values) if value] or [0]))
    answer = locate(quantities_of(figures, **{f"c{cell}": None}), edits_of(figures))
    found = [(c.quantity, c.value) for one in answer.suspicions for c in one.alternatives[0].changes]
    assert found == ([(cell, values[cell])] if values[cell] else [])


@settings(max_examples=15, deadline=None)
@given(tables(), st.data())
def test_the_search_and_the_solver_agree_how_many_changes_it_takes(figures: Figures, data: st.DataObject) -> None:
    count = sum(len(row) for row in figures)
    wrong = data.draw(st.dictionaries(st.integers(0, count - 1), st.integers(0, 999), min_size=2, max_size=3))
    system = scale(quantities_of(figures, **{f"c{i}": value for i, value in wrong.items()}), edits_of(figures))
    trial = begin(system, range(len(system.edits)), frozenset())
    assume(trial.failing and not list(complete(system, trial)))
    found, _, proven = smallest(system, trial, 4, Budget(20_000))
    solved = solve(system, trial, most=4, seconds=5.0, settings={}, everywhere=True)
    assert all(changed(system, trial, changes).healed for changes in (*found, *solved.optima))
    if proven and solved.proven:
        assert {len(changes) for changes in solved.optima} == {len(changes) for changes in found}


def test_a_ring_of_errors_is_left_to_the_solver() -> None:
    # three unknowns in three equations, each pair in one: no equation fixes any of them alone
    cells = [Quantity(i, Decimal(v), str(v)) for i, v in enumerate((10, 20, 30))]
    fixed = [Quantity(3 + i, Decimal(v), str(v), movable=False) for i, v in enumerate((47, 69, 58))]
    edits = [Edit(f"{a}{b}", ((a, 1), (b, 1), (3 + i, -1))) for i, (a, b) in enumerate(((0, 1), (1, 2), (0, 2)))]
    answer = locate([*cells, *fixed], edits)
    found = {(c.quantity, int(c.value)) for one in answer.suspicions for c in one.alternatives[0].changes}
    assert found == {(0, 18), (1, 29), (2, 40)}
    assert all(one.evidence.startswith("program") for one in answer.suspicions)
    assert answer.optimal


def test_without_time_the_solver_is_not_asked_and_that_is_said() -> None:
    cells = [Quantity(i, Decimal(v), str(v)) for i, v in enumerate((10, 20, 30))]
    fixed = [Quantity(3 + i, Decimal(v), str(v), movable=False) for i, v in enumerate((47, 69, 58))]
    edits = [Edit(f"{a}{b}", ((a, 1), (b, 1), (3 + i, -1))) for i, (a, b) in enumerate(((0, 1), (1, 2), (0, 2)))]
    answer = locate([*cells, *fixed], edits, limit_seconds=0.0)
    assert answer.suspicions == ()
    assert answer.unexplained == ("01", "02", "12")
    assert not answer.optimal


def test_the_solver_prints_nothing_into_the_report(capfd: pytest.CaptureFixture[str]) -> None:
    test_a_ring_of_errors_is_left_to_the_solver()
    assert capfd.readouterr().out == ""


def test_confidence_comes_from_the_stored_table() -> None:
    answer = locate(
        [Quantity(i, Decimal(v), str(v)) for i, v in enumerate((3, 4, 8))], [Edit("和", ((0, 1), (1, 1), (2, -1)))]
    )
    (one,) = answer.suspicions
    assert one.evidence == evidence_class("one edit", one.alternatives[0].share)
    assert one.confidence == table()[one.evidence]
    with pytest.raises(KeyError):
        confidence("no such evidence")


def test_more_evidence_never_means_less_confidence() -> None:
    kinds = {name.rsplit(" ≥", 1)[0] for name in table()}
    for kind in kinds:
        rising = [table()[f"{kind} ≥{floor}"] for floor in sorted(FLOORS)]
        assert rising == sorted(rising)
        assert all(0 < share < 1 for share in rising)
    assert {
        "crossed",
        "one edit",
        "several",
        "loose",
        "program",
        "line",
        "blank",
        "beside blanks",
        "unsettled",
    } == kinds


def test_every_prior_says_why_in_both_languages() -> None:
    assert all(why.zh and why.en for _, why in PRIORS.values())
    assert PRIORS["formula"][0] > 0 > PRIORS["typed among formulas"][0]


@pytest.mark.parametrize(
    ("found", "needed", "kind"),
    [
        ("116", "161", "digits swapped"),
        ("116", "186", "digit replaced"),
        ("116", "1116", "digit missing"),
        ("116", "11", "digit extra"),
        ("6", "7", "other"),
        ("6", "16", "digit missing"),
        ("-16", "16", "sign"),
        ("16", "16000", "unit factor"),
        ("160000", "16", "unit factor"),
        ("1.6", "16", "decimal point"),
        ("0", "16", "omitted"),
        ("", "16", "blank"),
        ("116", "583", "other"),
        ("16", "0", "other"),
    ],
)
def test_the_likeliest_slip(found: str, needed: str, kind: str) -> None:
    cell = Quantity(1, Decimal(found or 0), found)
    slip = read(cell, Decimal(needed), Sum())
    assert slip.kind == kind
    assert slip.kind in KINDS
    assert needed in slip.words.zh
    assert needed in slip.words.en


@pytest.mark.parametrize("step", ["1000", "0.01"])
def test_digits_count_as_printed_whatever_the_step(step: str) -> None:
    cell = Quantity(1, Decimal(116) * Decimal(step), "", Decimal(step), whole=False)
    assert read(cell, Decimal(161) * Decimal(step), Sum()).kind == "digits swapped"
    assert read(cell, Decimal(1161) * Decimal(step), Sum()).kind == "digit missing"


def test_nobody_mistypes_a_formula() -> None:
    assert read(Quantity(1, Decimal(116), "116", formula=True), Decimal(161), Sum()).kind == "other"
