from django.urls import path, register_converter

from frontend.views import acts, definitions, documents, notices, overview, places, register, shell, units


class LevelConverter:
    """A floor's level: -20 to 200, ASCII digits only."""

    regex = "-?[0-9]{1,3}"

    def to_python(self, value):
        return int(value)

    def to_url(self, value):
        return str(value)


register_converter(LevelConverter, "level")

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
    path("changes/", places.change_list, name="change-list"),
    path("definitions/", definitions.definitions, name="definitions"),
    path("language/", shell.set_language, name="set-language"),
    path("text-size/", shell.set_text_size, name="set-text-size"),
    path("help/", shell.help_page, name="help"),
    path("accessibility/", shell.accessibility, name="accessibility"),
    path("privacy/", shell.privacy, name="privacy"),
]
