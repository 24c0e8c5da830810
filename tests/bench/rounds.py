"""Times that can be compared: all sides in turn, round after round, in one process."""

from math import ceil
from statistics import median
from time import perf_counter

ENOUGH, MOST_CALLS = 0.05, 40  # seconds that a side runs in a round, but no more calls than these


def measure(sides, rounds):
    """Name -> the median of its round medians, in ms. Every second round runs the sides in the opposite order."""
    for call in sides.values():
        call()
    calls = {name: min(MOST_CALLS, ceil(ENOUGH / _once(call))) for name, call in sides.items()}
    found = {name: [] for name in sides}
    for number in range(rounds):
        for name in list(sides)[:: -1 if number % 2 else 1]:
            found[name].append(median(_once(sides[name]) for _call in range(calls[name])))
    return {name: 1000 * median(times) for name, times in found.items()}


def _once(call):
    begun = perf_counter()
    call()
    return perf_counter() - begun
