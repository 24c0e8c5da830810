"""No value of a parameter makes a page dear: it asks as many statements as without, of about the same length."""

import pytest
from django.db import connection

from tests.frontend import people as folk
from tests.frontend import world
from tests.frontend.hostile import query
from tests.frontend.test_hostile import OWN
from tests.frontend.test_rights import READ, address
from tests.spaces.test_api_rights import STATUS
from tests.spaces.test_api_rights import address as api_address

pytestmark = pytest.mark.django_db
API = (
    "page",
    "page_size",
    "fields",
    "expand",
    "order",
    "ordering",
    "sort",
    "q",
    "use",
    "state",
    "kind",
    "node",
    "units",
)
DEAR = ["9" * 9, "x" * 7_000, "x," * 3_500, "1," * 3_500, "-code," * 1_000, "1"]
MORE_STATEMENTS, MORE_CHARACTERS = 6, 10_000


@pytest.fixture(autouse=True)
def today(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *_args: world.DAY)


class Cost:
    """An execute wrapper: how many statements, and how long the longest with its values."""

    def __init__(self):
        self.statements = self.longest = 0

    def __call__(self, execute, sql, params, many, context):
        self.statements += 1
        self.longest = max(self.longest, len(sql) + sum(len(str(each)) for each in params or ()))
        return execute(sql, params, many, context)


def cost(client, url):
    found = Cost()
    with connection.execute_wrapper(found):
        client.get(url)
    return found


PAGES = [
    *((address, key, OWN.get(key[0], set()) | {"page", "as_of", "lang", "sort"}) for key in READ),
    *((api_address, name, API) for name in STATUS if name != "api-nowhere"),
]


@pytest.mark.parametrize(("address_of", "key", "names"), PAGES, ids=lambda each: None if callable(each) else str(each))
def test_no_value_makes_an_address_dear(client, address_of, key, names):
    client.force_login(folk.gather().manager)
    url = address_of(key)
    plain = cost(client, url)

    dear = []
    for name in sorted(names):
        for value in [*DEAR, ["1"] * 60]:
            found = cost(client, f"{url}?{query(**{name: value})}")
            if (
                found.statements > plain.statements + MORE_STATEMENTS
                or found.longest > plain.longest + MORE_CHARACTERS
            ):
                dear.append(
                    (name, str(value)[:20], found.statements - plain.statements, found.longest - plain.longest)
                )
    assert dear == []
