"""How much of a product of cases a run tries: in `make test` each case of each list, in `make thorough` all of them.

Four pages in two languages at two widths are sixteen looks. A fault mostly lies with one page, one language or one
width, seldom in a meeting of the three; so the suite takes four looks, in which each of them has its turn.
"""

import os
from itertools import product

import pytest

THOROUGH = bool(os.environ.get("THOROUGH"))
SHARES = 6


def crossing(*lists):
    """The product of the lists, or so few of its tuples that each member of each list stands in one."""
    lists = [list(each) for each in lists]
    if THOROUGH:
        return list(product(*lists))
    return [tuple(each[turn % len(each)] for each in lists) for turn in range(max(map(len, lists)))]


def two_at_once(cases):
    """The first two of long cases as they are, the others as engines."""
    return [pytest.param(*case, marks=[pytest.mark.engine] if turn > 1 else []) for turn, case in enumerate(cases)]


def mine(values, case, cases):
    """Of values that could be sent to each of several pages or fields, those whose turn it is at this one."""
    return share(values, [*cases].index(case), SHARES)


def share(cases, turn, of):
    """Of cases that come several times, once in each of `of` ways, those whose turn it is: every `of`-th."""
    cases = list(cases)
    return cases if THOROUGH else cases[turn % of :: of]
