"""The page of the forecast."""


import pytest
from django.urls import reverse

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fixed_today")]


def shown(client, user, **query):
    client.force_login(user)
    return client.get(reverse("forecast"), query)


def test_an_empty_province_has_nothing_to_forecast(client, official):
    answer = shown(client, official)

    assert answer.status_code == 200
    assert "there is nothing to forecast" in answer.content.decode()


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_page_shows_three_scenarios_and_what_they_assume(client, people, language):
    client.cookies["django_language"] = language
    answer = shown(client, people.official)
    text = answer.content.decode()

    assert answer.status_code == 200
    assert len(answer.context["rows"]) == 25
    assert text.count("<polyline") == (2 if answer.context["last"].renewed is None else 3)
