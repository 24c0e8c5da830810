"""Every mail about an account is ours, in the language of its reader. Absolute links are made in one place."""

import ast
import re
from datetime import UTC, datetime
from pathlib import Path

import allauth
import pytest
from allauth.account.adapter import get_adapter
from allauth.core import context
from django.apps import apps
from django.conf import settings
from django.core import mail
from django.template import Engine
from django.template.loader import get_template
from django.urls import reverse
from django.utils import translation

from spaces.actions.mail import deliver
from spaces.mail.composing import site_title
from spaces.models import Mail
from tests import make
from tests.frontend import tenancy
from tests.test_project import trees

pytestmark = pytest.mark.django_db
I18N = "django.templatetags.i18n"
LIBRARY = Path(allauth.__file__).parent / "templates"
LANGUAGES = dict(settings.LANGUAGES)
KINDS = sorted(
    str(path.relative_to(LIBRARY)).removesuffix("_subject.txt")
    for path in LIBRARY.glob("*/email/*_subject.txt")
    if apps.is_installed(f"allauth.{path.parts[-3]}")
)
STOCK = Engine(dirs=[LIBRARY], libraries={"account": "allauth.account.templatetags.account", "i18n": I18N})
EDGE = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/92.0 Edg/92.0"
NEVER = ("testserver", "evil", "&amp;", "Hello", "来自", "example.com", "Thank you")
LINK = "http://evil.example.org/accounts/here/?a=1&b=2"
TOLD = {
    "ip": "10.1.2.3", "user_agent": EDGE, "timestamp": datetime(2026, 6, 1, 4, 5, tzinfo=UTC), "code": "ABCD-EFGH",
    "from_email": "from@example.test", "to_email": "to@example.test", "deleted_email": "gone@example.test",
    "activate_url": LINK, "password_reset_url": LINK, "signup_url": LINK, "username": "somebody", "key": "k",
}  # fmt: skip


def lines(text):
    return {line.strip() for line in text.splitlines()}


def test_the_walk_finds_the_mails():
    assert {"account/email/password_reset_key", "mfa/email/totp_activated", "account/email/login_code"} <= set(KINDS)
    assert len(KINDS) > 15


@pytest.mark.parametrize("kind", KINDS)
def test_every_mail_of_an_account_is_ours_in_both_languages(rf, kind, settings):
    """The reader's language counts, not that of the page; nothing of the library's words or greeting is left."""
    settings.SITE_URL = "https://hatchery.example.org"
    readers = {language: make.user(email=f"{language}@example.test", language=language) for language in LANGUAGES}
    for result in (TOLD, {name: value for name, value in TOLD.items() if name != "code"}):
        written = {language: sent(rf, kind, reader, result) for language, reader in readers.items()}
        for language, row in written.items():
            with translation.override(language):
                put_in = result | {"email": row.to, "user": readers[language]}
                stock = STOCK.render_to_string(f"{kind}_message.txt", put_in)
                assert site_title() in row.subject
                assert site_title() in row.body
            assert not (lines(row.body) & lines(stock)) - {"", *result.values()}
            assert [each for each in NEVER if each in row.subject + row.body] == []
        assert written["en"].subject != written["zh-hans"].subject
        assert latin(written["zh-hans"], result) == []


def sent(rf, kind, reader, result):
    """The mail in the outbox, caused on a page in the other language at another host."""
    page = next(other for other in LANGUAGES if other != reader.language)
    with translation.override(page), context.request_context(rf.get("/")):
        get_adapter().send_mail(kind, reader.email, result | {"user": reader})
    return Mail.objects.latest("pk")


def latin(row, result):
    """Latin words in a Chinese mail, but for links and what was put in."""
    text = re.sub(r"https://\S+", "", f"{row.subject}\n{row.body}")
    for each in ("Edge · Windows", row.to, *(value for value in result.values() if isinstance(value, str))):
        text = text.replace(each, "")
    return re.findall(r"[A-Za-z]{2,}", text)


def test_every_template_of_a_mail_is_ours():
    """Parents of the mails too: one that comes with a new release of the library is refused here."""
    names = sorted(
        str(path.relative_to(LIBRARY))
        for path in LIBRARY.glob("*/email/*")
        if apps.is_installed(f"allauth.{path.parts[-3]}")
    )

    assert [name for name in names if LIBRARY in Path(get_template(name).origin.name).parents] == []


def test_a_mail_of_the_account_tells_what_its_reader_needs(client):
    owner = make.user(email="zhang@example.test", language="zh-hans")
    client.force_login(owner)
    new = "quiet river lamp 42"
    typed = {"oldpassword": make.PASSWORD, "password1": new, "password2": new}

    client.post(reverse("account_change_password"), typed, headers={"user-agent": EDGE, "host": "localhost"})

    deliver.call()
    (message,) = mail.outbox
    assert message.to == [owner.email]
    assert message.subject == "【龙江创新空间】您的密码已更改"
    assert "Edge · Windows" in message.body
    assert f"{settings.SITE_URL}{reverse('account_reset_password')}" in message.body


def test_an_invitation_speaks_the_language_of_its_reader(client):
    folk = tenancy.gather()
    folk.newcomer.language = "zh-hans"
    folk.newcomer.save()
    client.force_login(folk.owner)
    for email in (folk.newcomer.email, "nobody@firm.test"):
        client.post(reverse("my-members"), {"email": email, "role": "member"}, headers={"accept-language": "en"})

    assert ["【" in row.subject for row in Mail.objects.order_by("pk")] == [True, False]


def test_absolute_links_are_made_in_one_place():
    """`on_site` alone reads SITE_URL; a request's own host goes into the pages of an API list and nowhere else."""
    found = {
        (str(path), each)
        for path, tree in trees().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        for each in [node.attr]
        if each in {"SITE_URL", "build_absolute_uri"}
    }

    assert found == {("spaces/mail/composing.py", "SITE_URL"), ("spaces/api/changes.py", "build_absolute_uri")}
