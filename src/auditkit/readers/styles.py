"""Number formats of xlsx: which style shows which format code."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from auditkit.readers.sheetxml import attributes_of

_STYLE = re.compile(rb"<(?:\w+:)?xf\b(?:[^>]*?\snumFmtId\s*=\s*[\"']([0-9]+))?")
_CELL_STYLES = re.compile(rb"<(?:\w+:)?cellXfs\b.*?</(?:\w+:)?cellXfs>", re.DOTALL)

BUILT_IN = {
    1: "0",
    2: "0.00",
    3: "#,##0",
    4: "#,##0.00",
    9: "0%",
    10: "0.00%",
    11: "0.00E+00",
    12: "# ?/?",
    13: "# ??/??",
    14: "yyyy-mm-dd",
    15: "d-mmm-yy",
    16: "d-mmm",
    17: "mmm-yy",
    18: "h:mm AM/PM",
    19: "h:mm:ss AM/PM",
    20: "h:mm",
    21: "h:mm:ss",
    22: "yyyy-mm-dd h:mm",
    37: "#,##0_);(#,##0)",
    38: "#,##0_);[Red](#,##0)",
    39: "#,##0.00_);(#,##0.00)",
    40: "#,##0.00_);[Red](#,##0.00)",
    41: '_(* #,##0_);_(* (#,##0);_(* "-"_);_(@_)',
    42: '_("$"* #,##0_);_("$"* (#,##0);_("$"* "-"_);_(@_)',
    43: '_(* #,##0.00_);_(* (#,##0.00);_(* "-"??_);_(@_)',
    44: '_("$"* #,##0.00_);_("$"* (#,##0.00);_("$"* "-"??_);_(@_)',
    45: "mm:ss",
    46: "[h]:mm:ss",
    47: "mm:ss.0",
    48: "##0.0E+0",
    49: "@",
}
"""ECMA-376 part 1, 18.8.30. Other numbers without a code of their own are local dates, which arrive as dates."""


@lru_cache(64)
def formats_of(xml: bytes) -> Mapping[int, str]:
    """Style index → format code, for styles that show something else than General; files of one template share them."""
    codes = dict(BUILT_IN)
    for run in attributes_of(xml, "numFmt"):
        codes[int(run.get("numFmtId", "0"))] = run.get("formatCode", "")
    block = _CELL_STYLES.search(xml)
    styles = _STYLE.findall(block[0]) if block else []
    shown = ((style, codes.get(int(number or b"0"), "")) for style, number in enumerate(styles))
    return {style: code for style, code in shown if code and code.lower() != "general"}
