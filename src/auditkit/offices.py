"""What offices are called: by the names of their files, with 人民政府 and without, and what is no office's name."""

from __future__ import annotations

import re
from pathlib import PurePath

GOVERNMENT = "人民政府"
_STEM = re.compile(r"^(?P<unit>[^0-9_\-— （(]{2,40})")
_NOBODY = re.compile(
    r"报表|年报|附件|附表|统计表|汇总|工作簿|报告|副本|复件|新建|^表|^(?:report|book|sheet|table|data|stdin)",
    re.IGNORECASE,
)


def unit_of(file: str) -> str:
    """What the name of a file begins with, up to a number or a mark; all of it where that is nothing."""
    stem = PurePath(file).stem
    found = _STEM.match(stem)
    return found["unit"] if found else stem


def is_nobody(name: str) -> bool:
    """Whether it is what a file is called, and no office: 报表.xlsx of one folder is not 报表.xlsx of another."""
    return not name or _NOBODY.search(name) is not None


def bare(unit: str) -> str:
    """青山镇 and 青山镇人民政府 are one office."""
    return unit.removesuffix(GOVERNMENT)
