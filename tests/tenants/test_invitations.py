"""The limit of invitations holds for people who invite in the same moment."""

import pytest
from django.core.exceptions import ValidationError

from spaces.models import Mail
from tenants.actions import companies
from tests import make
from tests.tenants.test_api_versions import at_once

pytestmark = pytest.mark.both_databases
INVITERS = 5


def test_of_many_who_invite_one_stranger_at_once_two_do(scratch):
    owned = [
        make.member(user=make.user(email=f"o{each}@firm.test"), company=make.company()) for each in range(INVITERS)
    ]

    def invite(each):
        try:
            companies.invite(owned[each].company, email="victim@elsewhere.test", role="member", by=owned[each].user)
        except ValidationError as error:
            return error.error_dict["email"][0].code
        return "sent"

    result = at_once(invite, INVITERS)

    assert sorted(result) == ["limit"] * 3 + ["sent"] * 2
    assert Mail.objects.filter(to="victim@elsewhere.test").count() == 2
