"""Whatever decodes a file that somebody sent runs in one sandbox, with nothing of ours in its reach."""

import ast
import json
import os
from pathlib import Path

import pytest

from spaces.sandbox import runner
from spaces.sandbox.runner import Failed, Killed, run

ROOT = Path(__file__).parents[2]
# A reader that says what it can reach.
SPY = """
import json, os, resource, sys
limits = [resource.RLIMIT_AS, resource.RLIMIT_CPU, resource.RLIMIT_FSIZE, resource.RLIMIT_CORE]
MEMORY, SECONDS = 256 << 20, 7
def main(words):
    told = {"env": dict(os.environ), "cwd": os.getcwd(), "words": words, "sent": len(sys.stdin.buffer.read())}
    told["limits"] = [resource.getrlimit(each)[1] for each in limits]
    told["files"] = len(os.listdir("/proc/self/fd")) - 1  # that of the listing itself
    print(json.dumps(told))
    return 0
"""
GREEDY = "MEMORY, SECONDS = 256 << 20, 1\ndef main(_words):\n    while True:\n        pass\n"
FAILING = "MEMORY, SECONDS = 256 << 20, 1\ndef main(_words):\n    return 5\n"


COLD = runner.command


@pytest.fixture(autouse=True)
def as_the_product_starts_them(monkeypatch):
    """Not from the process that the other tests keep: tests/warm_sandbox.py."""
    monkeypatch.setattr(runner, "command", COLD)


@pytest.fixture
def reader(tmp_path, monkeypatch):
    """Puts a reader where the sandbox looks for its own, beside a copy of child.py."""

    def put(text):
        package = tmp_path / "spaces" / "sandbox"
        package.mkdir(parents=True)
        (tmp_path / "spaces" / "__init__.py").touch()
        (package / "__init__.py").touch()
        (package / "mine.py").write_text(text)
        (package / "child.py").write_bytes(runner.CHILD.read_bytes())
        monkeypatch.setattr(runner, "CHILD", package / "child.py")

    return put


def test_a_reader_gets_nothing_of_ours(reader, monkeypatch):
    reader(SPY)
    monkeypatch.setenv("SECRET_KEY", "of ours")
    with Path(os.devnull).open() as _ours:
        result = json.loads(run("mine", b"1234", "a", seconds=20))

    assert result["env"] == runner.ENVIRONMENT
    assert (result["cwd"], result["words"], result["sent"], result["files"]) == ("/", ["a"], 4, 3)
    assert result["limits"] == [256 << 20, 7, 0, 0]


def test_a_reader_that_takes_too_long_is_ended(reader):
    reader(GREEDY)

    with pytest.raises(Killed):  # by its own limit of CPU time
        run("mine", b"", seconds=20)


def test_a_reader_that_waits_is_ended(reader):
    reader(GREEDY.replace("SECONDS = 256 << 20, 1", "SECONDS = 256 << 20, 60"))

    with pytest.raises(Killed):
        run("mine", b"", seconds=1)


def test_a_reader_that_fails_says_with_which_code(reader):
    reader(FAILING)

    with pytest.raises(Failed) as failed:
        run("mine", b"", seconds=20)

    assert failed.value.code == 5


def test_nothing_else_in_the_product_starts_a_process():
    starting = {
        str(path.relative_to(ROOT))
        for app in ("config", "spaces", "tenants", "frontend")
        for path in (ROOT / app).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Import | ast.ImportFrom) and "subprocess" in ast.unparse(node)
    }

    assert starting == {"spaces/sandbox/runner.py"}
