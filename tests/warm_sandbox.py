"""A sandbox whose readers stand imported: ezdxf takes a second to import, and the suite reads hundreds of files.

`command` takes the place of `spaces.sandbox.runner.command`. What it starts hands its stdin, stdout and stderr to a
server for that reader, which forks: the copy sets the same limits, reads and ends, and its end is passed on. So each
file has a process of its own here too. tests/spaces/test_sandbox.py and the tests of peaks of memory start readers as
the product does.

    python -I warm_sandbox.py serve|ask SOCKET READER [ARGUMENT ...]
"""

import importlib
import json
import os
import select
import signal
import socket
import subprocess
import sys
import traceback
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
STANDARD = (0, 1, 2)
LONGEST = 1 << 16


class WarmSandbox:
    """Starts a server for each reader that is asked for. `close` ends them, and so does the end of this process."""

    def __init__(self, folder, cold, environment):
        self.folder, self.cold, self.environment, self.servers = folder, cold, environment, {}

    def command(self, reader, *arguments):
        if not (ROOT / f"spaces/sandbox/{reader}.py").exists() or not hasattr(os, "pidfd_open"):
            return self.cold(reader, *arguments)
        path = f"{self.folder}/{reader}"
        if reader not in self.servers:
            self.servers[reader] = self._start(path, reader)
        return [sys.executable, "-I", __file__, "ask", path, *arguments]

    def _start(self, path, reader):
        run = [sys.executable, "-I", __file__, "serve", path, reader]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        server = subprocess.Popen(run, env=self.environment, cwd="/", **pipes)  # noqa: S603 our own file
        server.stdout.readline()
        return server

    def close(self):
        for server in self.servers.values():
            server.communicate()


def ask(path, *arguments):
    """Have the server read what stands at stdin, and end as its process ends."""
    with socket.socket(socket.AF_UNIX) as asking:
        asking.connect(path)
        socket.send_fds(asking, [json.dumps(arguments).encode()], STANDARD)
        status = int(asking.recv(LONGEST))
    if os.WIFSIGNALED(status):
        os.kill(os.getpid(), os.WTERMSIG(status))
    sys.exit(os.WEXITSTATUS(status))


def serve(path, name):
    """Fork for whoever asks, until stdin is closed."""
    sys.path.append(str(ROOT))
    limit = importlib.import_module("spaces.sandbox.child").limit
    reader = importlib.import_module(f"spaces.sandbox.{name}")
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(path)
        listening.listen()
        print(flush=True)  # noqa: T201 it is ready
        while sys.stdin not in select.select([listening, sys.stdin], [], [])[0]:
            asking, _address = listening.accept()
            if os.fork() == 0:
                signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                answer(asking, reader, limit)
                os._exit(0)
            asking.close()


def answer(asking, reader, limit):
    """Read in a process of its own; end it when who asked is gone."""
    sent, files, _flags, _address = socket.recv_fds(asking, LONGEST, len(STANDARD))
    pid = os.fork()
    if pid == 0:
        os._exit(read(files, reader, limit, json.loads(sent)))
    for file in files:
        os.close(file)
    ended = os.pidfd_open(pid)
    if asking in select.select([ended, asking], [], [])[0]:
        os.kill(pid, signal.SIGKILL)
    asking.sendall(str(os.waitpid(pid, 0)[1]).encode())


def read(files, reader, limit, arguments):
    """The exit code of a reader that has the standard files of who asked."""
    for place, file in enumerate(files):
        os.dup2(file, place)
    os.closerange(len(STANDARD), max(files) + 1)
    limit(reader.MEMORY, reader.SECONDS)
    try:
        code = reader.main(arguments)
        sys.stdout.flush()
    except BaseException:  # noqa: BLE001 as an interpreter ends
        traceback.print_exc()
        return 1
    return code


if __name__ == "__main__":
    {"serve": serve, "ask": ask}[sys.argv[1]](*sys.argv[2:])
