"""Government desktops run Chromium 90 to 93: the overview is styled, complete and quiet on 92."""

import json
import os
import signal
import subprocess
import sys

import pytest

from tests.e2e.addresses import ROOT

pytestmark = pytest.mark.browser
CHROMIUM = os.environ.get("OLD_CHROMIUM")
SECONDS = 60
ATTEMPTS = 2  # all in one process, as it must be in a container, this browser rarely stops answering


def seen_at(address):
    """What tests/e2e/old_browser.py prints, from a process group that is ended when it takes too long."""
    run = [sys.executable, "-m", "tests.e2e.old_browser", CHROMIUM, address]
    for _attempt in range(ATTEMPTS):
        with subprocess.Popen(run, cwd=ROOT, stdout=subprocess.PIPE, start_new_session=True) as looking:  # noqa: S603
            try:
                return json.loads(looking.communicate(timeout=SECONDS)[0])
            except subprocess.TimeoutExpired:
                os.killpg(looking.pid, signal.SIGKILL)
    return None


@pytest.mark.skipif(not CHROMIUM and not os.environ.get("CI"), reason="make old-chromium brings it")
def test_the_overview_looks_right_on_chromium_92(server):
    seen = seen_at(f"{server}/overview/?as_of=2024-10-31")

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
