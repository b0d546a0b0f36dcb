"""Every example of every prose rulebook: what must be found is found, and where nothing may be found nothing is."""

import pytest

from auditkit import prose, rulebook
from auditkit.model.document import Paragraph
from auditkit.model.words import Fault

BOOKS = ("report-prose-zh", "report-prose-en")


def rules_of(book):
    return rulebook.find(book).prose


def found(text, rules, **context):
    paragraphs = [Paragraph(i, line) for i, line in enumerate(text.split("\n"), 1)]
    return prose.check(paragraphs, file="report.txt", rules=rules, **context)[0]


EXAMPLES = [
    pytest.param(rule, example, wanted, id=f"{rule.id}-{'breaks' if wanted else 'holds'}-{i}")
    for book in BOOKS
    for rule in rules_of(book)
    for wanted, examples in ((True, rule.breaks), (False, rule.holds))
    for i, example in enumerate(examples)
]


@pytest.mark.parametrize(("rule", "example", "wanted"), EXAMPLES)
def test_the_example_says_what_the_rule_does(rule, example, wanted):
    assert bool(found(example, [rule])) is wanted


@pytest.mark.parametrize("book", BOOKS)
def test_where_a_rule_holds_no_hard_rule_of_the_book_cries_wolf(book):
    rules = rules_of(book)
    for rule in rules:
        for example in rule.holds:
            assert [f.rule for f in found(example, rules) if f.level == "hard"] == []


@pytest.mark.parametrize("book", BOOKS)
def test_codes_are_unique_and_every_check_exists(book):
    rules = rules_of(book)
    assert len({r.id for r in rules}) == len(rules)
    assert all(callable(prose.find_check(r.check)) for r in rules)


@pytest.mark.parametrize("book", BOOKS)
def test_an_example_that_breaks_a_rule_is_explained(book):
    for rule in rules_of(book):
        finding = found(rule.breaks[0], [rule])[0]
        assert finding.arithmetic.zh
        assert finding.arithmetic.en
        assert finding.quote
        assert finding.place.end > finding.place.start
        assert len(finding.key) == 10


@pytest.mark.parametrize("name", ["shares.nothing", "nowhere.wrong", "os.system", "shares._judge"])
def test_a_rule_cannot_name_what_is_no_check(name):
    with pytest.raises(Fault) as caught:
        prose.find_check(name)
    assert caught.value.exit == 2
