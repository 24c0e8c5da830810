"""A form that is no longer valid says so in the page's own frame and language."""

from django.test import Client
from django.urls import reverse


def test_a_stale_form_is_refused_in_words(db):
    client = Client(enforce_csrf_checks=True)

    answer = client.post(reverse("account_login"), {"login": "a@example.test"})

    assert answer.status_code == 403
    assert answer.templates[0].name == "403.html"
    assert "This form is no longer valid" in answer.content.decode()
