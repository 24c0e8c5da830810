"""Who may do what on the company's own pages: its drafts, its people, its registration. Rows as in rights.py."""

from spaces.changes.versions import version_of
from tenants.actions import invitations, locked_rows, requests
from tenants.models import Company, Member
from tests import make
from tests.frontend import desk
from tests.tenants.rights import NOT_OF_DRAFT, NOT_OWNER, NOT_SENDER, PAGE, PEOPLE, Row, Try, draft, request

# Who is in no company is sent to register one first.
WITHOUT_COMPANY = {"visitor": 401} | {
    name: 403 for name in PEOPLE if name not in {"visitor", "owner", "member", "rival"}
}  # fmt: skip
NOT_INVITED = {name: 401 if name == "visitor" else 422 for name in PEOPLE if name != "neighbour"}
# A page of one's own company: for all others there is none.
NOT_OF_COMPANY = {name: 401 if name == "visitor" else 404 for name in PEOPLE if name not in {"owner", "member"}}
READS_ONLY = dict.fromkeys(("official", "auditor", "admin"), 403)
NEW = {"name": "北辰新材料", "registers_by": "2026-09-01", "contact_name": "王工", "contact_phone": "13800001111"}


def register(_people):
    locked_rows.next_numbers("QY", Company.objects.count())  # the two companies of the desk took none
    return Try(page="/my/company/new/", form=NEW)


def begin(_people):
    return Try(page="/requests/new/")


def wishing(people):
    """A draft with one unit, which its page lets go."""
    return requests.begin(
        people.tenant_company, by=people.owner, park=people.park, requested_units=[people.rooms.r401]
    )


def colleague(act):
    def ready(people):
        desk.submitted(people)  # the park knows the company, and its officials do
        member = Member.objects.get(user=people.member)
        return Try(page=f"/my/members/{member.pk}/{act}/", form={"version": version_of(member)})

    return ready


def invite(people):
    page = f"/my/members/?company={people.tenant_company.number}"
    return Try(page=page, form={"email": "new@example.test", "role": "member"})


def invited(people, email):
    return make.invitation(company=people.tenant_company, email=email, invited_by=people.owner)


def invitation(act):
    def ready(people):
        return Try(page=f"/my/members/invitations/{invited(people, 'new@example.test').pk}/{act}/")

    return ready


def join(people):
    company = people.tenant_company
    token = invitations.token(invited(people, people.neighbour.email))
    return Try(page=f"/my/members/join/{company.number}/{token}/", form={"name": "Li Xin"})


TABLE = [
    Row("companies.register", register, {"visitor": 401} | READS_ONLY, doors=PAGE),
    Row("companies.change_role", colleague("role"), NOT_OWNER, doors=PAGE),
    Row("companies.end_member", colleague("end"), NOT_OWNER, doors=PAGE),
    Row("companies.invite", invite, NOT_OF_COMPANY | {"member": 403} | READS_ONLY, doors=PAGE),
    Row("companies.invite_again", invitation("again"), NOT_OF_COMPANY | {"member": 403}, doors=PAGE),
    Row("companies.end_invitation", invitation("end"), NOT_OF_COMPANY | {"member": 403}, doors=PAGE),
    Row("companies.join", join, NOT_INVITED | READS_ONLY, doors=PAGE),
    Row("requests.begin", begin, WITHOUT_COMPANY, doors=PAGE),
    Row("requests.save", request(draft, page="time/", needed_by="2026-09-01", months="36"), NOT_OF_DRAFT, doors=PAGE),
    Row("requests.request_units", request(wishing, page="units/"), NOT_OF_DRAFT, doors=PAGE),
    Row("requests.submit", request(draft, page="check/", declared="on"), NOT_SENDER, doors=PAGE),
]
