"""Every file that somebody sent is decoded by a process of its own, which is started here and nowhere else.

The process gets nothing of ours: no SECRET_KEY or DATABASE_URL (its environment is ENVIRONMENT), no open file, no
working folder; its memory, CPU time and wall time are limited. So a decoder that goes wrong takes nothing with it.
"""

import subprocess
import sys
from pathlib import Path

CHILD = Path(__file__).with_name("child.py")
ENVIRONMENT = {"HOME": "/", "LC_ALL": "C.UTF-8", "OPENBLAS_NUM_THREADS": "1"}  # threads would take memory


class Killed(Exception):  # noqa: N818 the file is at fault, not we
    """The reader ran into a limit of memory or time."""


class Failed(Exception):  # noqa: N818
    """The reader ended with an exit code other than 0, which is `code`."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


def command(reader: str, *words: str) -> list[str]:
    """The command line of a reader: `workbook`, `image` or `dxf`."""
    return [sys.executable, "-I", str(CHILD), reader, *words]


def run(reader: str, sent: bytes, *words: str, seconds: int) -> bytes:
    """What the reader writes about a file, within `seconds` of wall time. Raises Killed or Failed."""
    try:
        done = subprocess.run(  # noqa: S603 our own file, run by our own Python
            command(reader, *words), input=sent, capture_output=True, timeout=seconds, check=False,
            env=ENVIRONMENT, cwd="/",
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        raise Killed from None
    if done.returncode < 0:
        raise Killed
    if done.returncode:
        raise Failed(done.returncode)
    return done.stdout
