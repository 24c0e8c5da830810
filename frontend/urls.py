from django.urls import path, register_converter

from frontend.views import (
    acts,
    companies,
    definitions,
    documents,
    handovers,
    leases,
    manage,
    matches,
    notices,
    overview,
    places,
    register,
    requests,
    shell,
    units,
)


class LevelConverter:
    """A floor's level: -20 to 200, ASCII digits only."""

    regex = "-?[0-9]{1,3}"

    def to_python(self, value):
        return int(value)

    def to_url(self, value):
        return str(value)


class NumberConverter:
    """A number that was given out, such as XQ-2026-0312: never mistaken for a word of an address."""

    regex = "[A-Z]{2}-[0-9]{4}-[0-9]{4,8}"

    def to_python(self, value):
        return value

    def to_url(self, value):
        return str(value)


register_converter(LevelConverter, "level")
register_converter(NumberConverter, "number")

urlpatterns = [
    path("", overview.home, name="home"),
    path("overview/", overview.overview, name="overview"),
    path("ecosystems/", places.ecosystem_list, name="ecosystem-list"),
    path("ecosystems/<str:code>/", places.ecosystem_detail, name="ecosystem-detail"),
    path("ecosystems/<str:code>/parks/new/", register.park_new, name="park-new"),
    path("parks/", places.park_list, name="park-list"),
    path("parks/<str:code>/", places.park_detail, name="park-detail"),
    path("parks/<str:code>/edit/", register.park_edit, name="park-edit"),
    path("parks/<str:park>/new/", register.building_new, name="building-new"),
    path("parks/<str:park>/<str:code>/", places.building_detail, name="building-detail"),
    path("parks/<str:park>/<str:code>/edit/", register.building_edit, name="building-edit"),
    path("parks/<str:park>/<str:code>/new/", register.floor_new, name="floor-new"),
    path("parks/<str:park>/<str:code>/<level:level>/", places.floor_detail, name="floor-detail"),
    path("parks/<str:park>/<str:code>/<level:level>/edit/", register.floor_edit, name="floor-edit"),
    path("parks/<str:park>/<str:code>/<level:level>/new/", register.unit_new, name="unit-new"),
    path("units/", units.unit_list, name="unit-list"),
    path("units/<str:code>/", units.unit_detail, name="unit-detail"),
    path("units/<str:code>/<slug:verb>/", acts.unit_act, name="unit-act"),
    path("allocations/<int:pk>/<slug:verb>/", acts.allocation_act, name="allocation-act"),
    path("spaces/", units.vacancy_list, name="vacancy-list"),
    path("documents/<int:pk>/", documents.document_detail, name="document-detail"),
    path("documents/<int:pk>/remove/", documents.document_remove, name="document-remove"),
    path("documents/<slug:owner>/<str:key>/", documents.document_add, name="document-add"),
    path("notices/", notices.notice_list, name="notice-list"),
    path("notices/read/", notices.notice_read_all, name="notice-read-all"),
    path("notices/<int:pk>/", notices.notice_open, name="notice-open"),
    path("manage/", manage.manage, name="manage"),
    path("manage/requests/", requests.request_list, name="request-list"),
    path("manage/requests/<number:number>/match/", matches.request_match, name="request-match"),
    path("manage/requests/<number:number>/offer/", matches.request_offer, name="request-offer"),
    path("requests/<number:number>/", requests.request_detail, name="request-detail"),
    path("requests/<number:number>/acts/<slug:verb>/", requests.request_act, name="request-act"),
    path("leases/", leases.lease_list, name="lease-list"),
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
    path("help/", shell.help_page, name="help"),
    path("accessibility/", shell.accessibility, name="accessibility"),
    path("privacy/", shell.privacy, name="privacy"),
]
