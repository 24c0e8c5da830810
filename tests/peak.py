"""The peak of memory of a sandboxed reader, as the kernel counts it."""

import subprocess

from spaces.sandbox.runner import ENVIRONMENT, command

# Runs child.py as it is run in the product, then says how much memory the process had at most.
PEAK = """
import runpy, sys
del sys.argv[0]
try:
    runpy.run_path(sys.argv[0], run_name="__main__")
except SystemExit:
    pass
print([line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM")][0], file=sys.stderr)
"""


def peak_of(reader, sent):
    """(what the reader wrote, its peak in kB). Needs /proc."""
    python, isolated, *words = command(reader)
    run = [python, isolated, "-c", PEAK, *words]
    done = subprocess.run(run, input=sent, capture_output=True, check=True, env=ENVIRONMENT)  # noqa: S603
    return done.stdout, int(done.stderr.split()[-1])
