"""Published figures: tables three and four of three annual reports on information disclosure, as printed.

Each table three is 25 rows (一, 二, the 21 results of 三, （七）总计, 四) by 7 columns (自然人 … 总计).
Table four is one row of 15: 行政复议, 未经复议直接起诉, 复议后起诉, each with four results and their 总计.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Published:
    unit: str
    year: int
    requests: str
    """Table three, row by row."""
    reviews: tuple[int, ...]
    """Table four."""

    @property
    def matrix(self) -> list[list[int]]:
        return [[int(figure) for figure in row.split()] for row in self.requests.strip().splitlines()]

    @property
    def figures(self) -> list[int]:
        """Both tables, row by row."""
        return [*(figure for row in self.matrix for figure in row), *self.reviews]


REPORTS = (
    Published(
        "淮安市人民政府",
        2024,
        """
        3001 53 0 0 61 4 3119
        34 0 0 0 0 0 34
        1288 21 0 0 50 3 1362
        447 7 0 0 0 0 454
        2 0 0 0 0 0 2
        30 1 0 0 0 0 31
        5 0 0 0 0 0 5
        6 0 0 0 0 0 6
        7 1 0 0 0 0 8
        12 0 0 0 0 0 12
        9 0 0 0 0 0 9
        105 0 0 0 0 0 105
        746 12 0 0 10 1 769
        11 0 0 0 0 0 11
        1 0 0 0 0 0 1
        56 6 0 0 0 0 62
        25 0 0 0 0 0 25
        0 0 0 0 0 0 0
        0 0 0 0 0 0 0
        1 0 0 0 0 0 1
        67 3 0 0 1 0 71
        6 0 0 0 0 0 6
        108 2 0 0 0 0 110
        2932 53 0 0 61 4 3050
        103 0 0 0 0 0 103
        """,
        (72, 64, 178, 37, 351, 13, 4, 8, 1, 26, 12, 1, 1, 6, 20),
    ),
    Published(
        "宿迁市人民政府",
        2023,
        """
        3402 99 0 4 5 1 3511
        91 3 0 0 2 0 96
        1175 12 0 3 1 0 1191
        319 7 0 0 2 0 328
        0 0 0 0 0 0 0
        27 0 0 0 0 0 27
        6 0 0 0 0 0 6
        38 0 0 0 0 0 38
        20 0 0 0 0 0 20
        9 0 0 0 0 0 9
        21 0 0 0 0 0 21
        20 1 0 0 0 0 21
        968 74 0 1 3 1 1047
        26 2 0 0 0 0 28
        3 0 0 0 0 0 3
        305 0 0 0 0 0 305
        39 0 0 0 0 0 39
        0 0 0 0 0 0 0
        58 0 0 0 0 0 58
        4 0 0 0 0 0 4
        40 0 0 0 0 0 40
        10 0 0 0 0 0 10
        287 3 0 0 1 0 291
        3375 99 0 4 7 1 3486
        118 3 0 0 0 0 121
        """,
        (309, 17, 88, 26, 440, 1, 1, 16, 6, 24, 13, 0, 67, 9, 89),
    ),
    Published(
        "宿迁市人民政府",
        2024,
        """
        3440 75 0 1 6 3 3525
        118 3 0 0 0 0 121
        1408 21 0 0 2 0 1431
        462 9 0 0 0 0 471
        2 0 0 0 0 0 2
        1 0 0 0 0 0 1
        4 0 0 0 0 0 4
        16 1 0 0 0 0 17
        21 0 0 0 0 0 21
        10 1 0 0 0 0 11
        21 2 0 0 0 0 23
        13 0 0 0 0 0 13
        859 33 0 0 3 2 897
        35 1 0 0 0 0 36
        8 0 0 0 0 0 8
        86 1 0 0 0 0 87
        26 1 0 0 0 0 27
        0 0 0 0 0 0 0
        3 0 0 0 0 0 3
        0 0 0 0 0 0 0
        75 1 0 1 0 0 77
        38 0 0 0 0 0 38
        352 2 0 0 0 0 354
        3440 73 0 1 5 2 3521
        118 5 0 0 1 1 125
        """,
        (88, 18, 28, 36, 170, 7, 0, 11, 7, 25, 33, 0, 6, 13, 52),
    ),
)
