"""Run the process that decodes an uploaded file. No other module starts one.

The process inherits neither SECRET_KEY nor DATABASE_URL (its environment is ENVIRONMENT), no open file and no working
folder; its memory, CPU time and wall time are limited. A decoder that fails can't harm the server.
"""

import subprocess
import sys
from pathlib import Path

CHILD = Path(__file__).with_name("child.py")
ENVIRONMENT = {"HOME": "/", "LC_ALL": "C.UTF-8", "OPENBLAS_NUM_THREADS": "1"}  # threads would take memory


class Killed(Exception):  # noqa: N818 the file is at fault, not we
    """The reader ran into a limit of memory or time."""


class Failed(Exception):  # noqa: N818 the file is at fault, too
    """The reader ended with an exit code other than 0, which is `code`."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


def command(reader: str, *arguments: str) -> list[str]:
    """The command line of a reader: `workbook`, `image` or `dxf`."""
    return [sys.executable, "-I", str(CHILD), reader, *arguments]


def run(reader: str, sent: bytes, *arguments: str, seconds: int) -> bytes:
    """The output of a reader for a file, within `seconds` of wall time. Raises Killed or Failed."""
    try:
        done = subprocess.run(  # noqa: S603 our own file, run by our own Python
            command(reader, *arguments), input=sent, capture_output=True, timeout=seconds, check=False,
            env=ENVIRONMENT, cwd="/",
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        raise Killed from None
    if done.returncode < 0:
        raise Killed
    if done.returncode:
        raise Failed(done.returncode)
    return done.stdout
