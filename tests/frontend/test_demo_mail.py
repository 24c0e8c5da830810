"""The demo's mail is a page, where DEBUG is on and nowhere else: readable, in both languages, reached by a click."""

import re

import pytest
from django.core import mail as sent
from django.urls import reverse

from spaces.actions.mail import deliver
from spaces.models import Mail
from tests import make
from tests.frontend.tenancy import CODE_IN_MAIL

pytestmark = pytest.mark.django_db
LANGUAGES = ("en", "zh-hans")


@pytest.fixture
def demo(settings):
    settings.DEBUG = True


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_signs_up_in_the_demo_reads_the_code_by_clicks(demo, client, language):
    speaks = {"accept-language": language}
    typed = {"name": "李新", "email": "li@firm.test", "password1": make.PASSWORD}
    page = client.post(reverse("account_signup"), typed, headers=speaks, follow=True)
    assert page.content.decode().count(f'href="{reverse("demo-mail")}"') == 2  # the page's own, and the foot's
    deliver.call()

    listed = client.get(reverse("demo-mail"), headers=speaks).content.decode()
    link = re.search(r'href="(/demo/mail/[0-9]+/)"', listed)[1]
    message = client.get(link, headers=speaks).content.decode()

    row = Mail.objects.get()
    assert row.sent_at is not None
    assert row.subject in listed
    assert "li@firm.test" in listed
    code = re.search(CODE_IN_MAIL, row.body, re.MULTILINE)[0]
    assert code in message
    assert code not in page.content.decode()
    assert {"en": "Enter this code", "zh-hans": "请在仍打开的页面上输入此验证码"}[language] in message


def test_links_in_a_message_are_links(demo, client):
    make.user(email="li@firm.test")
    client.post(reverse("account_reset_password"), {"email": "li@firm.test"})
    row = Mail.objects.get()

    page = client.get(reverse("demo-mail-message", args=[row.pk])).content.decode()

    link = re.search(r"http://\S+", row.body)[0]
    assert f'href="{link}"' in page


def test_what_a_stranger_typed_into_a_message_stays_text(demo, client):
    row = make.mail(subject="<b>x</b>", body="<script>alert(1)</script> javascript:alert(1)")

    page = client.get(reverse("demo-mail-message", args=[row.pk])).content.decode()

    assert "<script>alert" not in page
    assert "<b>x" not in page
    assert 'href="javascript' not in page


@pytest.mark.parametrize("many", [1, 3])
def test_the_list_costs_the_same_for_any_number(demo, client, many, django_assert_num_queries):
    for number in range(many):
        make.mail(subject=f"{number}")

    with django_assert_num_queries(2):
        page = client.get(reverse("demo-mail"))

    assert page.status_code == 200


def test_outside_the_demo_there_is_no_such_page_and_what_left_is_emptied(client):
    row = make.mail(subject="s", body="b")
    deliver.call()

    row.refresh_from_db()
    assert (row.subject, row.body, len(sent.outbox)) == ("", "", 1)
    codes = [client.get(path).status_code for path in (reverse("demo-mail"), f"/demo/mail/{row.pk}/", "/demo/mail/9/")]
    assert codes == [404, 404, 404]
    assert "/demo/mail/" not in client.get(reverse("help")).content.decode()
