"""Fixtures of the tests of pages."""

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher

from tests.frontend import tenancy


@pytest.fixture
def folk(db):
    """Owner and member of a company, the owner of another, and the park's manager."""
    return tenancy.gather()


@pytest.fixture
def hashed(monkeypatch):
    """One entry for each time that a password was hashed."""
    made = []
    encode = MD5PasswordHasher.encode
    monkeypatch.setattr(MD5PasswordHasher, "encode", lambda *args: made.append(1) or encode(*args))
    return made
