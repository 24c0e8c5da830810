"""Too many log-ins from one address: our own page, in the reader's language, that says when to come back."""

import pytest
from django.urls import reverse

pytestmark = pytest.mark.django_db
LIMIT = 3
WORDS = {"en": "This was tried too often in a short time.", "zh-hans": "短时间内尝试次数过多"}


@pytest.mark.parametrize("language", WORDS)
def test_too_many_log_ins_meet_a_page_of_ours(client, settings, language):
    settings.ACCOUNT_RATE_LIMITS = {"login": f"{LIMIT}/m/ip"}
    typed = {"login": "nobody@example.test", "password": "wrong"}
    headers = {"Accept-Language": language}

    answers = [client.post(reverse("account_login"), typed, headers=headers) for _time in range(LIMIT + 1)]

    last = answers[-1]
    assert [answer.status_code for answer in answers] == [200] * LIMIT + [429]
    assert last["Retry-After"] == "60"
    assert WORDS[language] in last.content.decode()
    assert [template.name for template in last.templates][:2] == ["429.html", "frontend/base.html"]
