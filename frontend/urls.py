from django.urls import path, register_converter
from django.urls.converters import StringConverter

from frontend.views.accounts import account_pages, profile_page
from frontend.views.companies import company_desk, company_pages, member_pages
from frontend.views.floors import drawing_import, floor_pages, plan_editor, plan_versions
from frontend.views.handovers import handover_pages
from frontend.views.leases import forecast_page, lease_export, lease_feed, lease_pages, lease_reminders, lease_times
from frontend.views.places import (
    block_page,
    overview,
    overview_file,
    park_facts,
    park_pages,
    pipeline_parts,
    place_forms,
    place_pages,
    vacancy_report,
)
from frontend.views.requests import (
    desk,
    match_pages,
    offer_pages,
    request_form,
    request_pages,
    submission,
)
from frontend.views.site import (
    definition_page,
    demo_mail,
    document_files,
    guidance,
    notice_pages,
    restatements,
    search_pages,
    site_pages,
    unsent_mail,
)
from frontend.views.stack import stack_files
from frontend.views.units import unit_acts, unit_pages, unit_panel, vacancy_pages
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
    """A number that was given out, such as XQ-2026-0312; it matches no other part of an address."""

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
    regex = "|".join(offer_pages.ANSWERS)


register_converter(LevelConverter, "level")
register_converter(NumberConverter, "number")
register_converter(StackFileConverter, "stackfile")
register_converter(StepConverter, "step")
register_converter(AnswerConverter, "answer")

urlpatterns = [
    path("", overview.home, name="home"),
    path("search/", search_pages.search, name="search"),
    path("spaces/", vacancy_pages.vacancy_list, name="vacancy-list"),
    path("spaces/basket/", vacancy_pages.basket_change, name="basket"),
    path("my/", company_desk.my_desk, name="my-desk"),
    path("my/company/", company_desk.company_edit, name="my-company"),
    path("my/company/new/", company_desk.company_new, name="my-company-new"),
    path("my/members/", member_pages.member_list, name="my-members"),
    path("my/members/join/<str:company>/<str:token>/", member_pages.member_join, name="member-join"),
    path("my/members/invitations/<int:pk>/again/", member_pages.invitation_again, name="invitation-again"),
    path("my/members/invitations/<int:pk>/end/", member_pages.invitation_end, name="invitation-end"),
    path("my/members/<int:pk>/role/", member_pages.member_role, name="member-role"),
    path("my/members/<int:pk>/end/", member_pages.member_end, name="member-end"),
    path("requests/new/", request_form.request_new, name="request-new"),
    path("requests/<number:number>/edit/", request_form.request_edit, name="request-edit"),
    path("requests/<number:number>/check/", submission.request_check, name="request-check"),
    path("requests/<number:number>/done/", submission.request_done, name="request-done"),
    path("requests/<number:number>/print/", submission.request_print, name="request-print"),
    path("requests/<number:number>/delete/", submission.request_delete, name="request-delete"),
    path("requests/<number:number>/<step:step>/", request_form.request_step, name="request-step"),
    path("offers/<number:number>/", offer_pages.offer_detail, name="offer-detail"),
    path("offers/<number:number>/visit/", offer_pages.offer_visit, name="offer-visit"),
    path("offers/<number:number>/<answer:answer>/", offer_pages.offer_answer, name="offer-answer"),
    path("overview/", overview.overview, name="overview"),
    path("vacancy/", vacancy_report.vacancy_report, name="vacancy-report"),
    path("pipeline/", pipeline_parts.pipeline_list, name="pipeline-list"),
    path("ecosystems/", place_pages.ecosystem_list, name="ecosystem-list"),
    path("ecosystems/new/", place_forms.ecosystem_new, name="ecosystem-new"),
    path("ecosystems/<str:code>/", place_pages.ecosystem_detail, name="ecosystem-detail"),
    path("ecosystems/<str:code>/parks/new/", place_forms.park_new, name="park-new"),
    path("parks/", park_pages.park_list, name="park-list"),
    path("parks/choices/", park_pages.park_choices, name="park-choices"),
    path("parks/<str:code>/stack.<stackfile:kind>", stack_files.park_file, name="park-stack-file"),
    path("parks/<str:park>/<str:code>/stack.<stackfile:kind>", stack_files.building_file, name="building-stack-file"),
    path("parks/<str:code>/", place_pages.park_detail, name="park-detail"),
    path("parks/<str:code>/edit/", place_forms.park_edit, name="park-edit"),
    path("parks/<str:code>/belonging/", park_facts.park_belonging, name="park-belonging"),
    path("parks/<str:park>/new/", place_forms.building_new, name="building-new"),
    path("parks/<str:park>/<str:code>/", place_pages.building_detail, name="building-detail"),
    path("parks/<str:park>/<str:code>/edit/", place_forms.building_edit, name="building-edit"),
    path("parks/<str:park>/<str:code>/block/", block_page.block_find, name="block-find"),
    path("parks/<str:park>/<str:code>/new/", place_forms.floor_new, name="floor-new"),
    path("parks/<str:park>/<str:code>/<level:level>/", floor_pages.floor_detail, name="floor-detail"),
    path("parks/<str:park>/<str:code>/<level:level>/edit/", place_forms.floor_edit, name="floor-edit"),
    path("parks/<str:park>/<str:code>/<level:level>/new/", place_forms.unit_new, name="unit-new"),
    path("parks/<str:park>/<str:code>/<level:level>/plan/new/", plan_versions.plan_new, name="plan-new"),
    path("parks/<str:park>/<str:code>/<level:level>/neighbours/", floor_pages.floor_adjacency, name="floor-adjacency"),
    path("plans/<int:pk>/draw/", plan_editor.plan_draw, name="plan-draw"),
    path("plans/<int:pk>/scale/", plan_editor.plan_scale, name="plan-scale"),
    path("plans/<int:pk>/replace/", plan_versions.plan_replace, name="plan-replace"),
    path("plans/<int:pk>/publish/", plan_versions.plan_publish, name="plan-publish"),
    path("plans/<int:pk>/picture/", plan_versions.plan_picture, name="plan-picture"),
    path("plans/<int:pk>/picture/<int:width>/", plan_versions.plan_picture_small, name="plan-picture-small"),
    path("parks/<str:park>/<str:code>/<level:level>/drawing/", drawing_import.drawing_new, name="drawing-new"),
    path("drawings/<int:pk>/", drawing_import.drawing_detail, name="drawing-detail"),
    path("drawings/<int:pk>/choose/", drawing_import.drawing_choose, name="drawing-choose"),
    path("drawings/<int:pk>/take-over/", drawing_import.drawing_take_over, name="drawing-take-over"),
    path("units/", unit_pages.unit_list, name="unit-list"),
    path("units/<str:code>/", unit_pages.unit_detail, name="unit-detail"),
    path("units/<str:code>/panel/", unit_panel.unit_panel, name="unit-panel"),
    path("units/<str:code>/<slug:verb>/", unit_acts.unit_act, name="unit-act"),
    path("allocations/<int:pk>/<slug:verb>/", unit_acts.allocation_act, name="allocation-act"),
    path("documents/<int:pk>/", document_files.document_detail, name="document-detail"),
    path("documents/<int:pk>/remove/", document_files.document_remove, name="document-remove"),
    path("documents/<slug:owner>/<str:key>/", document_files.document_add, name="document-add"),
    path("profile/", profile_page.profile, name="profile"),
    path("profile/sessions/end/", profile_page.sessions_end, name="profile-sessions-end"),
    path("profile/delete/", profile_page.profile_delete, name="profile-delete"),
    path("notices/", notice_pages.notice_list, name="notice-list"),
    path("notices/read/", notice_pages.notice_read_all, name="notice-read-all"),
    path("notices/<int:pk>/", notice_pages.notice_open, name="notice-open"),
    path("demo/mail/", demo_mail.demo_mail, name="demo-mail"),
    path("demo/mail/<int:pk>/", demo_mail.demo_mail_message, name="demo-mail-message"),
    path("mail/", unsent_mail.mail_list, name="mail-list"),
    path("mail/<int:pk>/retry/", unsent_mail.mail_retry, name="mail-retry"),
    path("manage/", desk.manage, name="manage"),
    path("manage/requests/", request_pages.request_list, name="request-list"),
    path("manage/requests/<number:number>/match/", match_pages.request_match, name="request-match"),
    path("manage/requests/<number:number>/offer/", match_pages.request_offer, name="request-offer"),
    path("requests/<number:number>/", request_pages.request_detail, name="request-detail"),
    path("requests/<number:number>/acts/<slug:verb>/", request_pages.request_act, name="request-act"),
    path("leases/", lease_pages.lease_list, name="lease-list"),
    path("leases/timeline/", lease_times.lease_timeline, name="lease-timeline"),
    path("leases/calendar/", lease_times.lease_calendar, name="lease-calendar"),
    path("overview/file/", overview_file.overview_file, name="overview-file"),
    path("overview/ahead/", overview.overview_ahead, name="overview-ahead"),
    path("forecast/", forecast_page.forecast_page, name="forecast"),
    path("leases/export/", lease_export.lease_export, name="lease-export"),
    path("leases/remind/", lease_reminders.lease_remind, name="lease-remind"),
    path("leases/feed/", lease_feed.lease_feed, name="lease-feed"),
    path("leases/feed/end/", lease_feed.lease_feed_end, name="lease-feed-end"),
    path("calendar/<str:token>.ics", lease_feed.calendar_feed, name="calendar-feed"),
    path("leases/<number:number>/", lease_pages.lease_detail, name="lease-detail"),
    path("leases/<number:number>/<slug:verb>/", lease_pages.lease_act, name="lease-act"),
    path("handovers/<number:number>/", handover_pages.handover_detail, name="handover-detail"),
    path("handovers/<number:number>/sheet/", handover_pages.handover_paper, name="handover-paper"),
    path("handovers/<number:number>/items/<int:place>/", handover_pages.handover_item, name="handover-item"),
    path("handovers/<number:number>/<slug:verb>/", handover_pages.handover_act, name="handover-act"),
    path("companies/", company_pages.company_list, name="company-list"),
    path("companies/<str:code>/", company_pages.company_detail, name="company-detail"),
    path("companies/<str:code>/verify/", company_pages.company_verify, name="company-verify"),
    path("companies/<str:code>/incubation/", company_pages.incubation_new, name="incubation-new"),
    path("incubations/<int:pk>/<slug:verb>/", company_pages.incubation_act, name="incubation-act"),
    path("extensions/<int:pk>/approve/", company_pages.extension_approve, name="extension-approve"),
    path("fairness/", desk.fairness_list, name="fairness-list"),
    path("changes/", place_pages.change_list, name="change-list"),
    path("restatements/", restatements.restatement_list, name="restatement-list"),
    path("definitions/", definition_page.definitions, name="definitions"),
    path("language/", site_pages.set_language, name="set-language"),
    path("text-size/", site_pages.set_text_size, name="set-text-size"),
    path("help/", guidance.help_page, name="help"),
    path("help/<slug:role>/", guidance.help_role, name="help-role"),
    path("accessibility/", site_pages.accessibility, name="accessibility"),
    path("privacy/", guidance.privacy, name="privacy"),
    path(".well-known/security.txt", site_pages.security_txt, name="security-txt"),
    path("accounts/welcome/<str:token>/", account_pages.welcome, name="account-welcome"),
]
