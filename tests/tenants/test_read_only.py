"""Who only reads writes nothing but the settings of his own account: a walk over every write of every address."""

import json
from datetime import UTC, datetime
from hashlib import sha256

import pytest
from django.apps import apps
from django.contrib.sessions.models import Session
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from spaces.changes.versions import version_of
from spaces.models import User
from spaces.states import Role
from tenants.actions import companies, invitations, locked_rows, requests
from tenants.models import Company, Document, Member, Notice, SpaceRequest
from tests import make
from tests.frontend import desk
from tests.tenants import corpus, rights
from tests.tenants.test_api_canary import addresses, marked, narrowed, values

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fixed_today")]
READ_ONLY = ("official", "auditor", "admin")
METHODS = ("POST", "PUT", "PATCH", "DELETE")  # of the API; that a page takes none but POST: tests/test_project.py
REFUSED = {403, 404, 405}
# Settings of one's own account, and what a visitor may send without an account: it lies in the session.
OWN = {"/language/", "/text-size/", "/leases/feed/", "/leases/feed/end/", "/notices/read/", "/profile/sessions/end/"}
OWN_FORMS = {"/profile/", "/profile/delete/"}
OFFICE = {"admin": ("/mail/",)}  # what a system admin is there for: it is no business
IN_THE_SESSION = {"/spaces/basket/"}
DOORS = {"/accounts/login/", "/accounts/welcome/x/"}  # who is in is sent on; the link of somebody else opens nothing


def stored():
    """A hash of every row of every table but the sessions."""
    rows = {
        model._meta.label: list(model._default_manager.order_by("pk").values_list())
        for model in apps.get_models(include_auto_created=True)
        if model is not Session
    }
    return {label: sha256(repr(found).encode()).hexdigest() for label, found in rows.items()}


@pytest.mark.engine
def sent(client, path, body):
    """Method -> status of an empty form, or on the API of `body` with a version that is not the current one."""
    if not path.startswith("/api/"):
        return {"POST": client.post(path).status_code}
    headers = {"If-Match": '"none"', "Idempotency-Key": "walk"}
    result = {"content_type": "application/json", "headers": headers}
    return {method: client.generic(method, path, json.dumps(body), **result).status_code for method in METHODS}


def test_no_write_of_any_address_is_open_to_who_only_reads():
    people = rights.world()
    known = narrowed(values(people, marked(people)))
    walked = [path for path, _is_list in addresses(known) if path not in OWN | OWN_FORMS | IN_THE_SESSION | DOORS]
    known_by = {
        "/api/v1/offers/": {"request": known["number"]["request"][0]},
        "/api/v1/incubations/": {"company": people.tenant_company.number},
    }  # whose place or company decides on the right is asked for before the rest of a body
    open_to = {}
    for who in READ_ONLY:
        client = Client(raise_request_exception=False)
        client.force_login(getattr(people, who))
        before = stored()
        for path in (path for path in walked if not path.startswith(OFFICE.get(who, ()))):
            codes = sent(client, path, known_by.get(path, {}))
            open_to |= {(who, method, path): code for method, code in codes.items() if code not in REFUSED}
        assert stored() == before

    assert open_to == {}


@pytest.mark.parametrize("who", READ_ONLY)
def test_a_filled_in_form_does_not_open_it_either(who):
    """The registration, an invitation and a request, with everything that they need."""
    people = rights.world()
    user = getattr(people, who)
    company = people.tenant_company
    invited = make.invitation(company=company, email=user.email, role="owner", invited_by=people.owner)
    token = invitations.token(invited)
    client = Client()
    client.force_login(user)
    before = stored()
    facts = {
        "name": "北辰新材料",
        "registers_by": "2026-09-01",
        "contact_name": "王工",
        "contact_phone": "13800001111",
    }

    codes = [
        client.post(reverse("my-company-new"), facts).status_code,
        client.post(reverse("member-join", args=[company.number, token])).status_code,
        client.post(reverse("request-new")).status_code,
        client.post("/api/v1/requests/", json.dumps(rights.WISH), content_type="application/json").status_code,
    ]

    assert codes == [403] * 4
    assert stored() == before


@pytest.mark.parametrize("who", READ_ONLY)
def test_a_membership_rests_while_its_person_only_reads(client, who):
    """An official who was in a company before acts for it no more; once the role has ended, the membership is back."""
    people = rights.world()
    user, company = getattr(people, who), people.tenant_company
    lease = desk.moved_in(people)
    draft = rights.draft(people)
    sent_before = _document(draft, user)
    member = Member.objects.create(user=user, company=company, role="owner")
    client.force_login(user)
    before = stored()

    pages = [
        client.post(reverse("request-check", args=[draft.number]), {"declared": "on"}),
        client.post(reverse("request-step", args=[draft.number, "time"]), {"months": "12"}),
        client.post(reverse("request-delete", args=[draft.number])),
        client.post(reverse("lease-act", args=[lease.number, "ask"]), {"intent": "leave"}),
        client.post(reverse("my-company"), {"industry": "x"}),
        client.post(reverse("my-members"), {"email": "new@example.test", "role": "member"}),
        client.post(reverse("member-end", args=[member.pk])),
        client.post(reverse("document-remove", args=[sent_before.pk])),
        client.post(reverse("document-add", args=["request", draft.number])),
    ]

    assert {answer.status_code for answer in pages} <= {403, 404}
    assert stored() == before
    assert not Company.objects.owned_by(user).exists()
    assert not SpaceRequest.objects.owned_by(user).exists()
    user.assignments.update(ends_on=desk.DAY)
    assert Company.objects.owned_by(user).get() == company


def _document(wanted, user):
    moment = datetime(2026, 5, 1, tzinfo=UTC)
    facts = {"name": "a.png", "content_type": "image/png", "size": 1, "sha256": "0" * 64, "kind": "other"}
    return Document.objects.create(
        request=wanted, company=wanted.company, created_at=moment, created_by=user, file="documents/a.png", **facts
    )


@pytest.mark.parametrize("role", [Role.PROVINCIAL_OFFICIAL, Role.AUDITOR, Role.SYSTEM_ADMIN])
def test_the_action_refuses_whatever_door_it_is_called_from(role):
    user, company = make.user(), make.company()
    make.assignment(user=user, role=role)
    locked_rows.next_numbers("QY", 1)  # the company above took none

    with pytest.raises(PermissionDenied):
        companies.register(owner=user, by=None, name="北辰", registers_by=desk.DAY)
    with pytest.raises(PermissionDenied):
        companies.add_member(company, user, "member", by=None)

    assert (Company.objects.get(), Member.objects.count()) == (company, 0)


def test_nobody_decides_for_his_own_company_though_his_membership_rests():
    """What a membership forbids stays forbidden: the two rules are not one."""
    people = rights.world()
    wanted = desk.submitted(people)
    make.member(user=people.manager, company=people.tenant_company, role="member")
    make.assignment(user=people.manager, role=Role.PROVINCIAL_OFFICIAL)

    with pytest.raises(Exception, match="own company"):
        requests.receive(wanted, by=people.manager, on=desk.DAY)


def test_the_settings_of_the_own_account_stay_open():
    people = rights.world()
    notice = Notice.objects.create(
        user=people.official, event="message", key="x", facts={"number": "XQ-2026-0001"}, link="/help/",
        created_at=datetime(2026, 5, 1, tzinfo=UTC),
    )  # fmt: skip
    client = Client()
    client.force_login(people.official)

    codes = [client.post(path).status_code for path in sorted(OWN - {"/text-size/"})]
    codes.append(client.get(reverse("set-text-size"), {"size": "lg"}).status_code)

    typed = {"name": "Zhou", "language": "en", "version": version_of(people.official)}
    codes.append(client.post("/profile/", typed).status_code)

    notice.refresh_from_db()
    assert User.objects.get(pk=people.official.pk).name == "Zhou"
    assert set(codes) <= {200, 302, 303}
    assert notice.read_at is not None
    assert corpus.good()  # the files of the walk above are real ones
