"""Government desktops run Chromium 90 to 93: the overview is styled, complete and quiet on 92."""

import contextlib
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.e2e.addresses import ROOT

pytestmark = pytest.mark.browser
CHROMIUM = os.environ.get("OLD_CHROMIUM")
SECONDS = 20
ATTEMPTS = 6  # all in one process, as it must be in a container, this browser rarely stops answering


def end(looking):
    """End a run and its browser, which has a process group of its own and would keep a core busy for ever."""
    folder = f"--user-data-dir={looking.args[-1]}".encode()
    os.killpg(looking.pid, signal.SIGKILL)
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if folder in (process / "cmdline").read_bytes():
                os.kill(int(process.name), signal.SIGKILL)


def seen_at(address, folder):
    """What tests/e2e/old_browser.py prints, from a process that is ended when it takes too long."""
    for attempt in range(ATTEMPTS):
        run = [sys.executable, "-m", "tests.e2e.old_browser", CHROMIUM, address, str(folder / str(attempt))]
        with subprocess.Popen(run, cwd=ROOT, stdout=subprocess.PIPE, start_new_session=True) as looking:  # noqa: S603
            try:
                return json.loads(looking.communicate(timeout=SECONDS)[0])
            except subprocess.TimeoutExpired:
                end(looking)
    return None


@pytest.mark.skipif(not CHROMIUM and not os.environ.get("CI"), reason="make old-chromium brings it")
def test_the_overview_looks_right_on_chromium_92(server, tmp_path):
    seen = seen_at(f"{server}/overview/?as_of=2024-10-31", tmp_path)

    assert "487,100.00" in seen.pop("text")
    assert seen == {
        "button": "solid",
        "card": "rgb(255, 255, 255)",
        "border": "1px",
        "vacant": "rgb(72, 166, 114)",
        "overflow": 0,
        "chart": 1,
        "faults": [],
    }
