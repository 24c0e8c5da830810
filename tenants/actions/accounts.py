"""Delete an account, with its traces in companies and inboxes."""

from django.utils.translation import gettext as _

from spaces.actions import people
from spaces.actions.locks import lock_row
from spaces.actions.retry import atomic_with_retry
from spaces.actions.writing import refusal, remove
from spaces.models import User
from spaces.values import clock
from tenants.actions import companies, feeds
from tenants.models import AnsweredCall, Company, Invitation, Member, Notice
from tenants.states import MemberRole


def led_alone(user: User) -> list[Company]:
    """The companies whose only owner is the user: another owner is needed before the account can be deleted."""
    owned = Member.objects.current(user, (MemberRole.OWNER,)).values("company")
    others = Member.objects.filter(role=MemberRole.OWNER, ended_on=None).exclude(user=user).values("company")
    return list(Company.objects.filter(pk__in=owned).exclude(pk__in=others).order_by("pk"))


@atomic_with_retry
def delete(user: User, *, by: User) -> None:
    """Delete an account: the person leaves all companies; inbox, invitations, calendar address and personal facts go.

    The row stays without them, so that the change log can still distinguish authors. Raises ValidationError `owner`
    for the only owner of a company, `role` for the holder of a role.
    """
    row = lock_row(user)
    alone = led_alone(row)
    if alone:
        message = _("You are the only owner of %(companies)s. Make somebody else owner first.")
        names = _(", ").join(company.name for company in alone)
        raise refusal("user", message % {"companies": names}, "owner")
    for member in Member.objects.current(row).select_related("company").order_by("company"):
        companies.end_member(member, ended_on=clock.today(), by=by)
    feeds.end(by=row)
    Notice.objects.filter(user=row).delete()
    for invitation in Invitation.objects.filter(email=row.email):
        remove(invitation, "erase", by=by, why="")
    AnsweredCall.objects.filter(user=row).delete()
    people.erase(row, by=by)
