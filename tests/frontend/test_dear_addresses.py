"""No value of a parameter makes an address dear: as many statements as without it, of about the same length."""

from itertools import product

import pytest
from django.db import connection

from tests.frontend import people as folk
from tests.frontend.hostile import query
from tests.frontend.test_hostile import OWN
from tests.frontend.test_rights import READ, address
from tests.spaces.test_api_rights import STATUS
from tests.spaces.test_api_rights import address as api_address
from tests.thorough import share

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fixed_today")]
PAGES = {"page", "as_of", "sort"}
API = {"page", "page_size", "fields", "sort", "q", "use", "state", "kind", "node", "units", "as_of"}
# A page that is none, a long text, a long list, and as many repeats as an address may hold.
DEAR = ["9" * 9, "x" * 7_000, "1," * 3_500, "-code," * 1_000, ["1"] * 60]
MORE_STATEMENTS, MORE_CHARACTERS = 6, 10_000


class Cost:
    """An execute wrapper: how many statements, and how long the longest is with its values."""

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
    return found.statements, found.longest


ALL = [
    *((address, key, OWN.get(key[0], set()) | PAGES) for key in READ),
    *((api_address, name, API) for name in STATUS if name != "api-nowhere"),
]
KEYS = [key for _of, key, _names in ALL]
SHARES = 7  # prime to the number of values: over the pages, each parameter meets each


@pytest.mark.parametrize(("address_of", "key", "names"), ALL, ids=[str(key) for _of, key, _names in ALL])
def test_no_value_makes_an_address_dear(client, address_of, key, names):
    """Each parameter of some page with each kind of harm, one after the other through the list."""
    client.force_login(folk.gather().manager)
    url = address_of(key)
    # A search without a word asks nothing: its own measure is a plain search.
    statements, longest = cost(client, f"{url}?q=HIT" if key == ("search",) else url)
    tried = product(sorted(names), DEAR)

    costs = [
        (name, str(value)[:20], *cost(client, f"{url}?{query(**{name: value})}"))
        for name, value in share(tried, KEYS.index(key), SHARES)
    ]

    assert [
        each for each in costs if each[2] > statements + MORE_STATEMENTS or each[3] > longest + MORE_CHARACTERS
    ] == []
