"""What a batch is measured against: a bare read, the script a user would write, pandera for each file."""

from __future__ import annotations

import multiprocessing
from pathlib import Path

from speed import bare, script

__all__ = ["bare", "bare_in_two", "pandera", "script"]


def bare_in_two(paths: list[Path]) -> None:
    """The floor on two processes."""
    context = multiprocessing.get_context("forkserver")
    halves = [context.Process(target=bare, args=(paths[half::2],)) for half in (0, 1)]
    for process in halves:
        process.start()
    for process in halves:
        process.join()


def pandera(paths: list[Path]) -> None:
    """Table 三 of each file as a frame: cells and three identities as a pandera schema, validated file by file."""
    import pandas as pd  # noqa: PLC0415
    import pandera.pandas as pa  # noqa: PLC0415

    parts = [f"c{n}" for n in range(6)]
    schema = pa.DataFrameSchema(
        {name: pa.Column(float, [pa.Check.ge(0), pa.Check(lambda s: s % 1 == 0)]) for name in [*parts, "total"]},
        checks=[
            pa.Check(lambda f: f["total"] == f[parts].sum(axis=1)),
            pa.Check(lambda f: bool((f.iloc[2:23].sum() == f.iloc[23]).all())),
            pa.Check(lambda f: bool((f.iloc[0] + f.iloc[1] == f.iloc[23] + f.iloc[24]).all())),
        ],
    )
    for path in paths:
        frame = pd.read_excel(path, header=None, engine="calamine")
        first = frame.index[frame[1].astype(str).str.startswith("一、本年新收")][0]
        table = frame.loc[first : first + 24, 2:8].astype(float).reset_index(drop=True)
        schema.validate(table.set_axis([*parts, "total"], axis=1), lazy=True)
