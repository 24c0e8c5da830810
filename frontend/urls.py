from django.urls import path, register_converter
from django.urls.converters import StringConverter

from frontend.views import (
    accounts,
    acts,
    blocks,
    companies,
    company,
    definitions,
    demo_mail,
    documents,
    drawing,
    dxf,
    floors,
    guidance,
    handovers,
    lease_export,
    lease_feed,
    lease_reminders,
    lease_times,
    leases,
    mail,
    manage,
    matches,
    members,
    notices,
    offers,
    overview,
    panels,
    places,
    plans,
    profile,
    register,
    requests,
    search,
    shell,
    stack_files,
    submission,
    units,
    vacancies,
    wishes,
)
from spaces.values import levels
from tenants.asking.form_steps import FormStep


class LevelConverter:
    """A floor's level: -20 to 200, ASCII digits only; 1.5 is a mezzanine."""

    regex = levels.PATTERN

    def to_python(self, value):
        return levels.parse(value)

    def to_url(self, value):
        return str(value)


class NumberConverter:
    """A number that was given out, such as XQ-2026-0312: never mistaken for a word of an address."""

    regex = "[A-Z]{2}-[0-9]{4}-[0-9]{4,8}"

    def to_python(self, value):
        return value

    def to_url(self, value):
        return str(value)


class StackFileConverter(StringConverter):
    """What a stacking plan can be saved as."""

    regex = "svg|xlsx"


class StepConverter(StringConverter):
    """A step of a request's form."""

    regex = "|".join(FormStep.values)


class AnswerConverter(StringConverter):
    regex = "|".join(offers.ANSWERS)


register_converter(LevelConverter, "level")
register_converter(NumberConverter, "number")
register_converter(StackFileConverter, "stackfile")
register_converter(StepConverter, "step")
register_converter(AnswerConverter, "answer")

urlpatterns = [
    path("", overview.home, name="home"),
    path("search/", search.search, name="search"),
    path("spaces/", vacancies.vacancy_list, name="vacancy-list"),
    path("spaces/basket/", vacancies.basket_change, name="basket"),
    path("my/", company.my_desk, name="my-desk"),
    path("my/company/", company.company_edit, name="my-company"),
    path("my/company/new/", company.company_new, name="my-company-new"),
    path("my/members/", members.member_list, name="my-members"),
    path("my/members/join/<str:company>/<str:token>/", members.member_join, name="member-join"),
    path("my/members/invitations/<int:pk>/again/", members.invitation_again, name="invitation-again"),
    path("my/members/invitations/<int:pk>/end/", members.invitation_end, name="invitation-end"),
    path("my/members/<int:pk>/role/", members.member_role, name="member-role"),
    path("my/members/<int:pk>/end/", members.member_end, name="member-end"),
    path("my/leases/<number:number>/ask/", company.lease_ask, name="lease-ask"),
    path("requests/new/", wishes.request_new, name="request-new"),
    path("requests/<number:number>/edit/", wishes.request_edit, name="request-edit"),
    path("requests/<number:number>/check/", submission.request_check, name="request-check"),
    path("requests/<number:number>/done/", submission.request_done, name="request-done"),
    path("requests/<number:number>/print/", submission.request_print, name="request-print"),
    path("requests/<number:number>/delete/", submission.request_delete, name="request-delete"),
    path("requests/<number:number>/<step:step>/", wishes.request_step, name="request-step"),
    path("offers/<number:number>/", offers.offer_detail, name="offer-detail"),
    path("offers/<number:number>/visit/", offers.offer_visit, name="offer-visit"),
    path("offers/<number:number>/<answer:answer>/", offers.offer_answer, name="offer-answer"),
    path("overview/", overview.overview, name="overview"),
    path("ecosystems/", places.ecosystem_list, name="ecosystem-list"),
    path("ecosystems/new/", register.ecosystem_new, name="ecosystem-new"),
    path("ecosystems/<str:code>/", places.ecosystem_detail, name="ecosystem-detail"),
    path("ecosystems/<str:code>/parks/new/", register.park_new, name="park-new"),
    path("parks/", places.park_list, name="park-list"),
    path("parks/<str:code>/stack.<stackfile:kind>", stack_files.park_file, name="park-stack-file"),
    path("parks/<str:park>/<str:code>/stack.<stackfile:kind>", stack_files.building_file, name="building-stack-file"),
    path("parks/<str:code>/", places.park_detail, name="park-detail"),
    path("parks/<str:code>/edit/", register.park_edit, name="park-edit"),
    path("parks/<str:park>/new/", register.building_new, name="building-new"),
    path("parks/<str:park>/<str:code>/", places.building_detail, name="building-detail"),
    path("parks/<str:park>/<str:code>/edit/", register.building_edit, name="building-edit"),
    path("parks/<str:park>/<str:code>/block/", blocks.block_find, name="block-find"),
    path("parks/<str:park>/<str:code>/new/", register.floor_new, name="floor-new"),
    path("parks/<str:park>/<str:code>/<level:level>/", floors.floor_detail, name="floor-detail"),
    path("parks/<str:park>/<str:code>/<level:level>/edit/", register.floor_edit, name="floor-edit"),
    path("parks/<str:park>/<str:code>/<level:level>/new/", register.unit_new, name="unit-new"),
    path("parks/<str:park>/<str:code>/<level:level>/plan/new/", plans.plan_new, name="plan-new"),
    path("parks/<str:park>/<str:code>/<level:level>/neighbours/", floors.floor_neighbours, name="floor-neighbours"),
    path("plans/<int:pk>/draw/", drawing.plan_draw, name="plan-draw"),
    path("plans/<int:pk>/scale/", drawing.plan_scale, name="plan-scale"),
    path("plans/<int:pk>/replace/", plans.plan_replace, name="plan-replace"),
    path("plans/<int:pk>/publish/", plans.plan_publish, name="plan-publish"),
    path("plans/<int:pk>/picture/", plans.plan_picture, name="plan-picture"),
    path("plans/<int:pk>/picture/<int:width>/", plans.plan_picture_small, name="plan-picture-small"),
    path("parks/<str:park>/<str:code>/<level:level>/drawing/", dxf.drawing_new, name="drawing-new"),
    path("drawings/<int:pk>/", dxf.drawing_detail, name="drawing-detail"),
    path("drawings/<int:pk>/choose/", dxf.drawing_choose, name="drawing-choose"),
    path("drawings/<int:pk>/take-over/", dxf.drawing_take_over, name="drawing-take-over"),
    path("units/", units.unit_list, name="unit-list"),
    path("units/<str:code>/", units.unit_detail, name="unit-detail"),
    path("units/<str:code>/panel/", panels.unit_panel, name="unit-panel"),
    path("units/<str:code>/<slug:verb>/", acts.unit_act, name="unit-act"),
    path("allocations/<int:pk>/<slug:verb>/", acts.allocation_act, name="allocation-act"),
    path("documents/<int:pk>/", documents.document_detail, name="document-detail"),
    path("documents/<int:pk>/remove/", documents.document_remove, name="document-remove"),
    path("documents/<slug:owner>/<str:key>/", documents.document_add, name="document-add"),
    path("profile/", profile.profile, name="profile"),
    path("profile/sessions/end/", profile.sessions_end, name="profile-sessions-end"),
    path("profile/delete/", profile.profile_delete, name="profile-delete"),
    path("notices/", notices.notice_list, name="notice-list"),
    path("notices/read/", notices.notice_read_all, name="notice-read-all"),
    path("notices/<int:pk>/", notices.notice_open, name="notice-open"),
    path("demo/mail/", demo_mail.demo_mail, name="demo-mail"),
    path("demo/mail/<int:pk>/", demo_mail.demo_mail_message, name="demo-mail-message"),
    path("mail/", mail.mail_list, name="mail-list"),
    path("mail/<int:pk>/retry/", mail.mail_retry, name="mail-retry"),
    path("manage/", manage.manage, name="manage"),
    path("manage/requests/", requests.request_list, name="request-list"),
    path("manage/requests/<number:number>/match/", matches.request_match, name="request-match"),
    path("manage/requests/<number:number>/offer/", matches.request_offer, name="request-offer"),
    path("requests/<number:number>/", requests.request_detail, name="request-detail"),
    path("requests/<number:number>/acts/<slug:verb>/", requests.request_act, name="request-act"),
    path("leases/", leases.lease_list, name="lease-list"),
    path("leases/timeline/", lease_times.lease_timeline, name="lease-timeline"),
    path("leases/calendar/", lease_times.lease_calendar, name="lease-calendar"),
    path("leases/export/", lease_export.lease_export, name="lease-export"),
    path("leases/remind/", lease_reminders.lease_remind, name="lease-remind"),
    path("leases/feed/", lease_feed.lease_feed, name="lease-feed"),
    path("leases/feed/end/", lease_feed.lease_feed_end, name="lease-feed-end"),
    path("calendar/<str:token>.ics", lease_feed.calendar_feed, name="calendar-feed"),
    path("leases/<number:number>/", leases.lease_detail, name="lease-detail"),
    path("leases/<number:number>/<slug:verb>/", leases.lease_act, name="lease-act"),
    path("handovers/<number:number>/", handovers.handover_detail, name="handover-detail"),
    path("handovers/<number:number>/sheet/", handovers.handover_paper, name="handover-paper"),
    path("handovers/<number:number>/items/<int:place>/", handovers.handover_item, name="handover-item"),
    path("handovers/<number:number>/<slug:verb>/", handovers.handover_act, name="handover-act"),
    path("companies/", companies.company_list, name="company-list"),
    path("companies/<str:code>/", companies.company_detail, name="company-detail"),
    path("companies/<str:code>/verify/", companies.company_verify, name="company-verify"),
    path("companies/<str:code>/incubation/", companies.incubation_new, name="incubation-new"),
    path("incubations/<int:pk>/<slug:verb>/", companies.incubation_act, name="incubation-act"),
    path("extensions/<int:pk>/approve/", companies.extension_approve, name="extension-approve"),
    path("fairness/", manage.fairness_list, name="fairness-list"),
    path("changes/", places.change_list, name="change-list"),
    path("definitions/", definitions.definitions, name="definitions"),
    path("language/", shell.set_language, name="set-language"),
    path("text-size/", shell.set_text_size, name="set-text-size"),
    path("help/", guidance.help_page, name="help"),
    path("help/<slug:role>/", guidance.help_role, name="help-role"),
    path("accessibility/", shell.accessibility, name="accessibility"),
    path("privacy/", guidance.privacy, name="privacy"),
    path(".well-known/security.txt", shell.security_txt, name="security-txt"),
    path("accounts/welcome/<str:token>/", accounts.welcome, name="account-welcome"),
]
