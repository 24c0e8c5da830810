"""The server as `make demo` starts it: a worker that is killed comes back, and the other serves meanwhile."""

import os
import re
import shlex
import signal
import socket
import subprocess
import sys
import time
from http.client import HTTPConnection
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
STARTS = 60  # seconds; two workers start on a machine that runs other tests too
OWN = {"--host", "--port", "--log-level", "--workers-kill-timeout"}


def start_line(path):
    """(environment, options) of the line that starts granian in the Makefile or in the documentation."""
    text = (ROOT / path).read_text().replace("\\\n", " ")
    line = next(line for line in text.splitlines() if "config.wsgi:application" in line)
    threads = re.search(r"GRANIAN_BLOCKING_THREADS=(\d+)", line)[1]
    words = shlex.split(line.partition("--interface")[2].partition("config.wsgi")[0])
    return {"GRANIAN_BLOCKING_THREADS": threads}, ["--interface", *words]


def without_own(options):
    """Options but those in which the demo may differ."""
    return [each for at, each in enumerate(options) if each not in OWN and options[at - 1] not in OWN]


def ask(port, path="/livez"):
    connection = HTTPConnection("127.0.0.1", port, timeout=STARTS)
    try:
        connection.request("GET", path)
        return connection.getresponse().status
    except OSError as error:
        return type(error).__name__
    finally:
        connection.close()


def until(wanted, look):
    end = time.monotonic() + STARTS
    while (found := look()) != wanted:
        assert time.monotonic() < end, found
        time.sleep(0.05)


def children(pid):
    """Workers are the children that run granian itself, without Python's resource tracker."""
    found = map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split())
    return {child for child in found if b"resource_tracker" not in Path(f"/proc/{child}/cmdline").read_bytes()}


def doors(port):
    """The listening sockets of a port: each worker opens its own, once it can answer."""
    lines = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    return {fields[9] for fields in lines if fields[1] == f"0100007F:{port:04X}" and fields[3] == "0A"}


@pytest.fixture
def server(tmp_path):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    result, options = start_line("Makefile")
    options[options.index("--port") + 1] = str(port)
    environment = os.environ | result | {"DEBUG": "1", "SQLITE_FILE": str(tmp_path / "server.sqlite3")}
    command = [sys.executable, "-m", "granian", *options, "config.wsgi:application"]
    process = subprocess.Popen(command, cwd=ROOT, env=environment)  # noqa: S603 our own command
    process.port = port
    until(2, lambda: len(doors(port)))
    yield process
    process.terminate()
    process.wait(timeout=STARTS)


def test_a_worker_that_is_killed_comes_back_and_the_other_serves_meanwhile(server):
    before = doors(server.port)

    os.kill(min(children(server.pid)), signal.SIGKILL)
    until(1, lambda: len(before & doors(server.port)))  # whom it was about to serve has lost that connection
    answers = [ask(server.port) for _request in range(20)]
    until(2, lambda: len(doors(server.port)))

    assert set(answers) == {200}
    assert {ask(server.port) for _request in range(20)} == {200}
    assert before != doors(server.port)
    assert server.poll() is None


@pytest.mark.parametrize(
    ("result", "site"),
    [
        ({}, "http://127.0.0.1:8000"),
        ({"PORT": "8204"}, "http://127.0.0.1:8204"),
        ({"SITE_URL": "https://a.b"}, "https://a.b"),
    ],
)
def test_links_in_mails_and_feeds_of_the_demo_lead_to_the_port_that_is_served(result, site):
    """In place of Python stands a command that tells what it was given, and fails, so that nothing is started."""
    environment = {name: text for name, text in os.environ.items() if name not in {"PORT", "SITE_URL", "MAKEFLAGS"}}
    command = ["make", "--no-print-directory", "--old-file=setup", "demo", "PY=printenv SITE_URL; false #"]

    answer = subprocess.run(command, cwd=ROOT, env=environment | result, capture_output=True, text=True, check=False)  # noqa: S603

    assert answer.stdout.splitlines()[0] == site


def test_the_documentation_starts_the_server_as_the_demo_does():
    demo, documented = start_line("Makefile"), start_line("docs/operations.md")

    assert demo[0] == documented[0]
    assert without_own(demo[1]) == without_own(documented[1])
