"""Files come whole or not at all, and what a killed run left half written goes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from auditkit import deliver as room
from auditkit.deliver import deliver
from auditkit.model.words import Fault

KILLED = """
import os, signal, sys
from pathlib import Path
from auditkit.deliver import deliver
os.fsync = lambda _: os.kill(os.getpid(), signal.SIGKILL)
deliver(Path(sys.argv[1]), b"half")
"""


@pytest.fixture(autouse=True)
def fresh() -> None:
    """As a process that has not swept any folder."""
    room._sweep.cache_clear()


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL on Windows")
def test_what_a_killed_run_left_goes_with_the_next_file(tmp_path: Path) -> None:
    done = subprocess.run([sys.executable, "-c", KILLED, str(tmp_path / "a.txt")], check=False)
    assert done.returncode == -signal.SIGKILL
    assert [path.name.startswith(".auditkit-") for path in tmp_path.iterdir()] == [True]
    deliver(tmp_path / "b.txt", b"whole")
    assert [path.name for path in tmp_path.iterdir()] == ["b.txt"]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps open files without a lock")
def test_what_a_living_run_is_writing_stays(tmp_path: Path) -> None:
    handle, name = room._begun(tmp_path)
    deliver(tmp_path / "b.txt", b"whole")
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([Path(name).name, "b.txt"])
    os.close(handle)
    room._sweep.cache_clear()
    deliver(tmp_path / "c.txt", b"whole")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["b.txt", "c.txt"]


def test_a_file_swept_before_it_was_held_is_begun_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    answers = iter([False, True])
    monkeypatch.setattr(room, "_held", lambda _: next(answers))
    deliver(tmp_path / "a.txt", b"whole")
    assert (tmp_path / "a.txt").read_bytes() == b"whole"
    assert list(answers) == []


def test_what_cannot_be_written_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "a.txt").mkdir()
    with pytest.raises(Fault, match="cannot write") as caught:
        deliver(tmp_path / "a.txt", b"whole")
    assert caught.value.exit == 2
    assert [path.name for path in tmp_path.iterdir()] == ["a.txt"]
