"""The web page: nothing leaves it, nothing runs that is not ours, and everybody can read it."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import shutil
import subprocess
from dataclasses import replace
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import pytest
from lxml import html

from auditkit.model.document import Document, Grid
from auditkit.model.words import Language
from auditkit.reports import webpage
from auditkit.reports.webpage.tables import tables, told
from test_reports_results import LIVE, TAG, cell, findings, grid, hostile, passing, result, unreadable


@cache
def page(language: Language = "zh") -> str:
    return webpage.render(result(), language, run="R1")


@cache
def listing() -> str:
    pairs = [(result(), "甲/青山镇 #1.html"), (passing(), "h.html"), (unreadable(), "javascript:alert(1)")]
    return webpage.index(pairs, "zh")


PAGES = {
    "report": page,
    "index": listing,
    "pass": lambda: webpage.render(passing(), "en"),
    "unreadable": lambda: webpage.render(unreadable(), "zh"),
    "hostile": lambda: webpage.render(hostile(TAG), "zh"),
}
every_page = pytest.mark.parametrize("made", PAGES.values(), ids=PAGES)


@every_page
def test_nothing_is_asked_of_any_network(made) -> None:
    document = html.document_fromstring(made())
    for element in document.iter():
        for name, value in element.attrib.items():
            assert name not in {"src", "srcset", "style", "action", "background", "poster", "ping"}, name
            assert not name.startswith("on"), name
            if name == "href":
                assert (
                    value.startswith("#") or value == "data:," or re.fullmatch(r"[\w%./]+\.html|javascript%3A.*", value)
                )
    assert not re.search(r"@import|url\(|https?:", made())


@every_page
def test_only_our_own_style_and_script_may_run(made) -> None:
    document = html.document_fromstring(made())
    (policy,) = document.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert rules["default-src"] == "'none'"
    assert (rules["base-uri"], rules["form-action"]) == ("'none'", "'none'")
    for tag in ("style", "script"):
        (text,) = document.xpath(f"//{tag}/text()")
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert rules[f"{tag}-src"] == f"'sha256-{digest}'"
        assert len(document.xpath(f"//{tag}")) == 1


@pytest.mark.parametrize("foreign", [TAG, '"><img src=x onerror=alert(1)>', "</script><script>", "{{ 7*7 }}", *LIVE])
def test_foreign_text_is_text(foreign: str) -> None:
    made = html.document_fromstring(webpage.render(hostile(foreign), "zh"))
    assert made.xpath("//img | //table//script | //p//script") == []
    shown = " ".join(made.text_content().split())
    assert " ".join(foreign.split()) in shown
    assert "49" not in shown.replace(foreign, "").split()


@every_page
def test_every_reference_leads_somewhere_and_ids_are_unique(made) -> None:
    document = html.document_fromstring(made())
    ids = document.xpath("//@id")
    assert len(ids) == len(set(ids))
    for link in document.xpath("//a/@href[starts-with(., '#')]"):
        assert link[1:] in ids
    for reference in document.xpath("//@aria-describedby | //@aria-labelledby | //label/@for"):
        assert set(reference.split()) <= set(ids)


def test_both_languages_are_in_the_page_and_one_is_shown_first() -> None:
    zh, en = (html.document_fromstring(page(language)) for language in ("zh", "en"))
    assert (zh.get("lang"), en.get("lang")) == ("zh-CN", "en")
    assert zh.xpath("//input[@checked and @name='lang']/@value") == ["zh-CN"]
    assert en.xpath("//input[@checked and @name='lang']/@value") == ["en"]
    spans = [zh.xpath(f"//span[contains(@class, 'l')][@lang='{lang}']") for lang in ("zh-CN", "en")]
    assert len(spans[0]) == len(spans[1]) > 100
    assert not any(
        re.search(r"[\u4e00-\u9fff]", (s.text or "").replace("表三", "")) for s in spans[1] if "青山镇" not in s.text
    )


def test_the_table_is_as_in_the_sheet() -> None:
    (table,) = html.document_fromstring(page()).xpath("//section[contains(@class, 'sheet')]//table")
    assert [th.text for th in table.xpath("thead//th")] == list("ABCDEFGHIJ")
    taken: set[tuple[int, int]] = set()
    shown: dict[tuple[int, int], str] = {}
    for r, row in enumerate(table.xpath("tbody/tr")):
        assert row.xpath("th")[0].text == str(r + 1)
        c = 0
        for td in row.xpath("td"):
            while (r, c) in taken:
                c += 1
            rows, columns = int(td.get("rowspan", "1")), int(td.get("colspan", "1"))
            shown[r, c] = (td.text or "").strip()
            taken |= {(r + i, c + j) for i in range(rows) for j in range(columns)}
    assert taken == {(r, c) for r in range(14) for c in range(10)}
    for r, row in enumerate(grid().rows):
        for c, value in enumerate(row):
            if isinstance(value, str) or (value is not None and (r, c) not in {(9, 4), (9, 5)}):
                assert shown[r, c] == told(value)
    assert shown[9, 4] == "#REF!"


def test_wrong_cells_are_framed_and_name_their_rule() -> None:
    document = html.document_fromstring(page())
    marked = {td.get("id"): td.get("class").split()[0] for td in document.xpath("//td[@aria-describedby]")}
    assert marked["t1-D5"] == "wrong"
    assert marked["t1-E7"] == "perhaps"
    assert marked["t1-H11"] == "note"
    (wrong,) = document.xpath("//td[@id='t1-D5']")
    assert wrong.xpath(".//a/text()") == ["GK302", "GK304"]
    described = wrong.get("aria-describedby").split()
    assert document.get_element_by_id(described[0]).text_content().startswith("总计栏")


def test_every_finding_is_there_without_script() -> None:
    document = html.document_fromstring(page())
    items = document.xpath("//li[@data-item]")
    assert [i.get("id") for i in items] == [f"f{n}" for n in range(1, 9)]
    assert document.xpath("//form[@hidden]"), "the filter is shown by the script that makes it work"
    assert document.xpath("//blockquote/mark/text()") == ["76%"]


def test_an_index_links_to_pages_by_safe_relative_paths() -> None:
    document = html.document_fromstring(listing())
    links = document.xpath("//tbody//a/@href")
    assert links == ["%E7%94%B2/%E9%9D%92%E5%B1%B1%E9%95%87%20%231.html", "h.html", "javascript%3Aalert%281%29"]
    verdicts = [row.get("data-level") for row in document.xpath("//tr[@data-item]")]
    assert verdicts == ["return", "pass", "unreadable"]


def test_a_large_sheet_is_shown_around_its_marks() -> None:
    made = Grid("册", [["名称", "数"], *([f"单位{n}", float(n)] for n in range(120_000))])
    one = replace(findings()[4], place=cell("B90001")._replace(sheet="册"))
    document = Document("青山镇_2021.xlsx", "workbook", (made,))
    large = result(findings=(one,), suspects=(), document=document)
    (table,) = tables(large)
    assert [row.number for row in table.rows] == [*range(1, 13), *range(89_999, 90_004)]
    assert (table.rows[12].skipped, table.left_out) == (89_986, 119_984)
    assert len(webpage.render(large, "zh")) < 60_000


@pytest.mark.parametrize(
    ("value", "code", "shown"),
    [
        (0.125, "0.0%", "12.5%"),
        (1234.5, "#,##0.00", "1,234.50"),
        (12.0, "", "12"),
        (0.1 + 0.2, "", "0.3"),
        (1e21, "", "1000000000000000000000"),
        (3.0, "0", "3"),
        (45000.0, "yyyy-mm-dd", "45000"),
        (True, "", "TRUE"),
        (None, "", ""),
    ],
)
def test_values_as_the_sheet_shows_them(value: float, code: str, shown: str) -> None:
    assert told(value, code) == shown


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = ((x / 12.92) if x <= 0.03928 else ((x + 0.055) / 1.055) ** 2.4 for x in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    bright, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("scheme", [0, 1, 2], ids=["light", "dark", "print"])
def test_text_has_contrast_in_every_scheme(scheme: int) -> None:
    (style,) = html.document_fromstring(page()).xpath("//style/text()")
    blocks = [
        dict(re.findall(r"--([\w-]+):(#[0-9a-f]{3,6})\b", block)) for block in re.findall(r":root\{([^}]*)\}", style)
    ]
    full = {name: c if len(c) == 7 else "#" + "".join(x * 2 for x in c[1:]) for name, c in blocks[scheme].items()}
    for ink in ("ink", "dim", "link", "hard", "soft", "info"):
        assert contrast(full[ink], full["ground"]) >= 4.5, ink
    for ink, fill in (("wrong-ink", "wrong"), ("light-ink", "light"), ("ink", "good"), ("ink", "gap"), ("dim", "head")):
        assert contrast(full[ink], full[fill]) >= 4.5, fill


AXE = find_spec("axe_core_python")
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome", "msedge"))), "")
RUN = """axe.run(document, {resultTypes: ["violations"]}).then(function (said) {
  var out = document.createElement("script");
  out.type = "application/json"; out.id = "axe";
  out.textContent = JSON.stringify(said.violations.map(function (v) {
    return [v.id, v.nodes.map(function (n) { return n.html; })]; })).replace(/</g, "\\\\u003c");
  document.body.appendChild(out);
});"""


@pytest.mark.skipif(AXE is None, reason="axe-core-python is not installed")
@pytest.mark.skipif(not CHROMIUM, reason="no Chromium, Chrome or Edge on the path")
@pytest.mark.parametrize(("made", "scheme"), [(page, 1), (listing, 0)], ids=["report, light", "index, dark"])
def test_a_real_browser_runs_our_script_and_axe_finds_nothing(made, scheme: int, tmp_path: Path) -> None:
    assert AXE is not None
    assert AXE.origin is not None
    axe = (Path(AXE.origin).parent / "axe.min.js").read_text("utf-8")
    hashes = " ".join(f"'{webpage._hash(code)}'" for code in (axe, RUN))
    allowed = re.sub(r"(script-src '[^']*')", lambda m: f"{m[1]} {hashes}", made(), count=1)
    (tmp_path / "page.html").write_text(
        allowed.replace("</body>", f"<script>{axe}</script><script>{RUN}</script></body>"), "utf-8", newline="\n"
    )
    switches = [
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-background-networking",
        "--disable-dev-shm-usage",
    ]
    profile, dark = f"--user-data-dir={tmp_path / 'profile'}", f"--blink-settings=preferredColorScheme={scheme}"
    address = (tmp_path / "page.html").as_uri()
    command = [CHROMIUM, *switches, profile, dark, "--virtual-time-budget=10000", "--dump-dom", address]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=True, timeout=120)
    said = re.search(r'<script type="application/json" id="axe">(.*?)</script>', done.stdout, re.DOTALL)
    assert said, "axe did not run"
    assert json.loads(said[1]) == []
    assert '<form id="filter">' in done.stdout, "our own script did not run under the page's own policy"


def test_pages_stay_small() -> None:
    assert len(page().encode()) < 60_000


def test_same_result_same_page() -> None:
    assert webpage.render(result(), "zh", run="R1") == page()


def test_a_result_without_a_document_is_a_page_without_tables() -> None:
    assert "<td" not in webpage.render(result(document=None, rules=(), tallies={}), "zh").split("h-rules")[0]
