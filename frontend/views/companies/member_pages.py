"""The people of a company: members, invitations, roles."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import Form
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from frontend.act_page import status_of, submit
from frontend.forms.accounts import JoinForm
from frontend.forms.companies import InviteForm
from frontend.site.interrupted_forms import typed
from frontend.views.companies.own_company import own_company
from spaces.access import get_editable, refuse_read_only
from tenants.actions import companies, invitations
from tenants.models import Company, Invitation, Member
from tenants.states import MemberRole

INVITED = gettext_lazy("An invitation to %(email)s is on its way. It is good for seven days.")


@require_http_methods(["GET", "POST"])
def member_list(request):
    """The people of a company; its owner invites, changes roles and ends memberships."""
    company = own_company(request)
    if company is None:
        return redirect("my-company-new")
    if request.method == "POST":
        get_editable(Company.objects, request.user, pk=company.pk)
    form = InviteForm(typed(request))

    def invite(it):
        companies.invite(company, by=it.by, **it.data)
        return _address(company), INVITED % it.data

    address = submit(request, form, invite, company)
    if address:
        return redirect(address)
    invited = company.invitations.open().with_holds(timezone.now())
    context = {
        "company": company,
        "members": company.members.filter(ended_on=None).select_related("user").order_by("pk"),
        "invitations": invited.select_related("invited_by").order_by("email", "pk"),
        "owner": Company.objects.editable_by(request.user).filter(pk=company.pk).exists(),
        "form": form,
    }
    return render(request, "frontend/member_list.html", context, status=status_of(form))


@require_POST
def invitation_again(request, pk):
    return _answer_invitation(
        request,
        pk,
        lambda row: companies.invite_again(row, by=request.user),
        INVITED,
    )


@require_POST
def invitation_end(request, pk):
    return _answer_invitation(
        request,
        pk,
        lambda row: companies.end_invitation(row, by=request.user),
        _("The invitation to %(email)s was taken back. Its link no longer works."),
    )


def _answer_invitation(request, pk, act, done):
    """Do the act and go back to the list with its message or refusal."""
    row = get_editable(Invitation.objects.select_related("company"), request.user, pk=pk)
    try:
        act(row)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, done % {"email": row.email})
    return redirect(_address(row.company))


@require_http_methods(["GET", "POST"])
def member_join(request, company, token):
    """The page of the mailed link: the company, the role, and a button."""
    refuse_read_only(request.user)
    row = get_object_or_404(Company.objects, number=company)
    refusal, found = "", None
    form = JoinForm(request.POST if request.method == "POST" else None, user=request.user)
    joining = request.method == "POST" and form.is_valid()
    try:
        found = invitations.read(token, request.user)
        if joining:
            companies.join(row, request.user, token=token, **form.cleaned_data)
    except ValidationError as error:
        refusal = " ".join(error.messages)
    else:
        if joining:
            messages.success(request, _("You are in %(company)s now.") % {"company": row.name})
            return redirect("my-desk")
        if found.company_id != row.pk:
            refusal = _("This invitation is for another company.")
    context = {
        "refusal": refusal,
        "company": None if refusal else row,
        "role": MemberRole(found.role).label if found else "",
        "form": form,
        "narrow": True,
    }
    return render(request, "frontend/member_join.html", context, status=422 if refusal or form.errors else 200)


@require_http_methods(["GET", "POST"])
def member_role(request, pk):
    """Change the role to the one that the sent page showed: the other of owner and member."""
    member = get_editable(Member.objects.select_related("company", "user"), request.user, pk=pk, ended_on=None)
    new = MemberRole.MEMBER if member.role == MemberRole.OWNER else MemberRole.OWNER
    if request.POST.get("role") in MemberRole.values:
        new = request.POST["role"]

    def change(it):
        companies.change_role(member, new, by=it.by, seen=it.seen)
        return _onward(it.by, member), _("The role of %(person)s was changed.") % {"person": member.user}

    form = _button(request)
    address = submit(request, form, change, member, edits=member)
    return redirect(address) if address else _page(request, member, form, role=new)


@require_http_methods(["GET", "POST"])
def member_end(request, pk):
    member = get_editable(Member.objects.select_related("company", "user"), request.user, pk=pk, ended_on=None)

    def end(it):
        companies.end_member(member, ended_on=it.on, by=it.by)
        return _onward(it.by, member), _("%(person)s is out of the company.") % {"person": member.user}

    form = _button(request)
    address = submit(request, form, end, member)
    return redirect(address) if address else _page(request, member, form, ending=True)


def _button(request):
    return Form(request.POST if request.method == "POST" else None)


def _onward(user, member):
    """The address of the list; of the own desk after a change of the own membership."""
    return reverse("my-desk") if member.user_id == user.pk else _address(member.company)


def _page(request, member, form, *, ending=False, role=""):
    """The check page of the act, with the refusal."""
    context = {"member": member, "ending": ending, "form": form, "role": role, "narrow": True}
    return render(request, "frontend/member_act.html", context, status=status_of(form))


def _address(company):
    return f"{reverse('my-members')}?company={company.number}"
