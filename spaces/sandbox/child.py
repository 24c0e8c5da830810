"""Entry point of a sandboxed process:  python -I child.py READER [ARGUMENT ...] < file > answer

Sets the limits of the reader, then runs it. A reader is a module of this package with MEMORY (bytes), SECONDS (of CPU)
and `main(arguments) -> exit code`, which reads stdin and writes stdout. It needs no Django.
"""

import contextlib
import importlib
import resource
import sys
from pathlib import Path


def limit(memory: int, seconds: int) -> None:
    """Hard limits: memory, CPU time, no file written, no core dump."""
    with contextlib.suppress(ValueError):  # macOS has no limit of memory; the others still hold there
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main() -> int:
    name, *arguments = sys.argv[1:]
    sys.path.append(str(Path(__file__).resolve().parents[2]))  # -I leaves the project out
    reader = importlib.import_module(f"spaces.sandbox.{name}")
    limit(reader.MEMORY, reader.SECONDS)
    code: int = reader.main(arguments)
    return code


if __name__ == "__main__":
    sys.exit(main())
