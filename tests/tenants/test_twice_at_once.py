"""A form sent twice in the same moment, by two threads, is done once."""

import pytest
from django.test import Client
from django.urls import reverse

from tenants.models import Message, SpaceRequest
from tests.frontend import desk
from tests.tenants.test_api_versions import at_once

pytestmark = [pytest.mark.both_databases, pytest.mark.usefixtures("fixed_today")]


def clients(user):
    found = [Client(), Client()]
    for client in found:
        client.force_login(user)
    return found


def test_two_presses_at_once_begin_one_request(scratch):
    people = desk.build()
    both, url = clients(people.tenant), reverse("request-new")

    answers = at_once(lambda each: both[each].post(url, {"once": "same"}), 2)

    assert [answer.status_code for answer in answers] == [302, 302]
    assert len({answer["Location"] for answer in answers}) == 1
    assert SpaceRequest.objects.count() == 1


def test_two_presses_at_once_say_one_message(scratch):
    people = desk.build()
    wanted = desk.submitted(people)
    both, url = clients(people.tenant), reverse("request-act", args=[wanted.number, "say"])

    answers = at_once(lambda each: both[each].post(url, {"once": "same", "text": "hello"}), 2)

    assert [answer.status_code for answer in answers] == [303, 303]
    assert Message.objects.count() == 1


def test_the_same_page_with_other_words_is_another_message(scratch):
    """By the back button: a token must not swallow what was typed anew."""
    people = desk.build()
    wanted = desk.submitted(people)
    client, url = clients(people.tenant)[0], reverse("request-act", args=[wanted.number, "say"])

    for text in ("hello", "hello", "hello again"):
        assert client.post(url, {"once": "same", "text": text}).status_code == 303

    assert sorted(Message.objects.values_list("text", flat=True)) == ["hello", "hello again"]
