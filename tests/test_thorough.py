"""What is left to `make thorough` leaves no case untried."""

import pytest

from tests import thorough

LISTS = [["a", "b", "c", "d", "e"], [1, 2], ["x", "y", "z"]]


@pytest.fixture(params=[False, True])
def whole(request, monkeypatch):
    monkeypatch.setattr(thorough, "THOROUGH", request.param)
    return request.param


def test_each_case_of_each_list_has_its_turn(whole):
    found = thorough.crossing(*LISTS)

    assert len(found) == len(set(found)) == (30 if whole else 5)
    for place, cases in enumerate(LISTS):
        assert {each[place] for each in found} == set(cases)


def test_the_shares_are_all_there_is(whole):
    shares = [thorough.share(range(7), turn, 3) for turn in range(3)]

    assert {each for share in shares for each in share} == set(range(7))
    assert sum(map(len, shares)) == (21 if whole else 7)
