"""People for the tests of the company's pages."""

import pytest

from tests.frontend import tenancy


@pytest.fixture
def folk(db):
    """Owner and member of a company, the owner of another, and the park's manager."""
    return tenancy.gather()
