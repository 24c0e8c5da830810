"""The pages of the account speak our words in both languages, though a library draws them."""

import re
from pathlib import Path

import allauth
import pytest
from allauth.account.forms import ConfirmEmailVerificationCodeForm
from babel.messages.pofile import read_po
from django import conf
from django.conf import settings
from django.contrib import auth
from django.urls import reverse
from django.utils import translation

from frontend.forms.acts import NewBuildingForm, NewParkForm
from frontend.site import library_words
from tests import make
from tests.frontend.test_second_factor import SET_UP, code_of

pytestmark = pytest.mark.django_db
FOREIGN = {
    "zh-hans": re.compile("你|帐|账户|双因|Email|错误:|令牌|token|恢复代码|重置"),
    "en": re.compile(
        "Two-Factor|two-factor|Bad Token|Confirm Access|reauthenticate|contact us|sign in", re.IGNORECASE
    ),
}
SHOWN = re.compile(r"<main.*</main>", re.DOTALL)
TAG = re.compile(r"<[^>]+>")


def pages_of_nobody(client):
    yield client.get(reverse("account_login"))
    yield client.post(reverse("account_login"), {"login": "", "password": ""})
    yield client.get(reverse("account_signup"))
    yield client.post(reverse("account_signup"), {"name": "", "email": "abc", "password1": "short"})
    yield client.get(reverse("account_reset_password"))
    yield client.post(reverse("account_reset_password"), {"email": "nobody@example.test"}, follow=True)
    yield client.get(reverse("account_reset_password_from_key", args=["1", "abc-def"]))
    yield client.post(
        reverse("account_signup"), {"name": "Li", "email": "li@example.test", "password1": make.PASSWORD}, follow=True
    )


def pages_of_a_person(client):
    client.force_login(make.user())
    yield client.get(reverse("account_logout"))
    yield client.get(reverse("account_change_password"))
    yield client.post(
        reverse("account_change_password"), {"oldpassword": "wrong", "password1": "short", "password2": "other"}
    )
    yield client.get(reverse("mfa_index"))
    yield client.get(SET_UP, follow=True)
    activate = client.post(reverse("account_reauthenticate"), {"password": make.PASSWORD, "next": SET_UP}, follow=True)
    yield activate
    yield client.post(SET_UP, {"code": "1"})
    yield client.post(SET_UP, {"code": code_of(activate.context["form"].secret)}, follow=True)
    for name in ("mfa_index", "mfa_view_recovery_codes", "mfa_generate_recovery_codes", "mfa_deactivate_totp"):
        yield client.get(reverse(name))
    yield client.post(reverse("mfa_generate_recovery_codes"), follow=True)
    yield client.get(reverse("mfa_reauthenticate"))


@pytest.mark.parametrize("language", FOREIGN)
def test_no_page_of_the_account_says_the_librarys_words(client, language):
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = language
    wrong, seen = {}, 0
    for pages in (pages_of_nobody, pages_of_a_person):
        for answer in pages(client):
            assert answer.status_code in {200, 422}
            assert "错误： " not in answer.content.decode()
            text = TAG.sub(" ", SHOWN.search(answer.content.decode())[0])
            seen += 1
            if found := FOREIGN[language].findall(text):
                wrong[answer.request["PATH_INFO"], seen] = found
    assert wrong == {}
    assert seen > 20


def test_the_page_after_the_password_asks_for_the_second_factor(client):
    user = make.user()
    client.force_login(user)
    page = client.post(reverse("account_reauthenticate"), {"password": make.PASSWORD, "next": SET_UP}, follow=True)
    client.post(SET_UP, {"code": code_of(page.context["form"].secret)})
    client.logout()
    sign_in = {"login": user.email, "password": make.PASSWORD}

    asked = client.post(reverse("account_login"), sign_in, follow=True, headers={"accept-language": "en"})

    assert "<h1>Second factor</h1>" in asked.content.decode()


def test_logging_out_says_what_it_does(client):
    client.force_login(make.user())

    body = client.get(reverse("account_logout"), headers={"accept-language": "en"}).content.decode()

    assert "This ends your session in this browser." in body


def test_the_code_of_a_mail_is_not_the_code_of_a_place():
    with translation.override("zh-hans"):
        assert str(ConfirmEmailVerificationCodeForm.base_fields["code"].label) == "验证码"
        assert {str(form.base_fields["code"].label) for form in (NewParkForm, NewBuildingForm)} == {"编号"}


def test_each_word_of_a_library_is_one_that_it_still_says():
    said = set()
    for library in (conf, auth, allauth):
        with (Path(library.__path__[0]) / "locale/zh_Hans/LC_MESSAGES/django.po").open("rb") as file:
            said |= {message.id if isinstance(message.id, str) else message.id[0] for message in read_po(file)}
    assert {word for word in library_words.WORDS if word not in said} == set()
    assert settings.INSTALLED_APPS[0] == "frontend"  # whose catalogue is asked first
