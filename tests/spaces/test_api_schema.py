"""The schema is valid, checked in, free of warnings, and what the answers really look like."""

from functools import cache
from pathlib import Path

import pytest
import schemathesis
import yaml
from django.conf import settings
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application
from django.urls import reverse
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from openapi_spec_validator import validate
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi import checks

from spaces import changes
from spaces.api.table_fields import columns_read
from spaces.api.units import UnitRow
from spaces.api.urls import urlpatterns
from spaces.models import Unit
from tenants.actions import incubation
from tenants.actions.notices import notify
from tenants.api import urls as tenants
from tests.frontend import desk, people
from tests.thorough import THOROUGH

pytestmark = pytest.mark.django_db
FILE = Path(settings.BASE_DIR) / "docs/openapi.yaml"
CHECKS = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
]
schema = schemathesis.openapi.from_path(FILE)
schema.app = get_wsgi_application()


@pytest.fixture
def cookies(client):
    """Someone who reads everything, in a world where every list has rows."""
    places = desk.build()
    desk.moved_in(places)
    desk.offered(places, "r405", "rival")
    incubation.enter(places.tenant_company, places.park, entered_on=desk.DAY, rule="N18-12", by=places.manager)
    notify([places.official], "offer_sent", key="1", link="/", number="TJ-1", request="XQ-1", until=desk.DAY)
    changes.record(places.world["unit"], "create", by=places.manager, why="because")
    places.world["hit"].indicators.create(month="2026-05-01", key="transfers", value=3)
    client.force_login(places.official)
    return {name: morsel.value for name, morsel in client.cookies.items()}


def test_the_schema_in_the_repository_is_the_one_that_is_served(tmp_path):
    """Regenerate: python manage.py spectacular --lang en --validate --fail-on-warn --file docs/openapi.yaml"""
    call_command("spectacular", lang="en", validate=True, fail_on_warn=True, file=str(tmp_path / "now.yaml"))

    assert (tmp_path / "now.yaml").read_text() == FILE.read_text()


def test_the_schema_is_valid_openapi_3_1(client, settings):
    settings.API_DOCS_OPEN = True
    served = client.get(reverse("api-schema"), headers={"Accept": "application/json"}).json()

    validate(served)
    assert served["openapi"] == "3.1.1"
    assert len(served["paths"]) == len(urlpatterns) + len(tenants.urlpatterns)
    assert {*served["paths"]} == {*documented()}


def test_every_read_documents_its_refusals_and_every_parameter_it_knows():
    for read in operations("get"):
        assert {"200", "400", "401", "403", "404", "406"} <= {*read["responses"]}
        assert {"as_of", "lang"} <= {parameter["name"] for parameter in read["parameters"]}


def test_every_write_documents_its_refusals_and_its_headers():
    for write in [*operations("post"), *operations("patch")]:
        result = {parameter["name"] for parameter in write["parameters"]}
        assert {"400", "401", "403", "404", "409", "412", "413", "415", "422", "428"} <= {*write["responses"]}
        assert "as_of" not in result
        words = write.get("requestBody", {"content": {}})  # an act may need none
        assert {*words["content"]} <= {"application/json"}
    assert all("Idempotency-Key" in {each["name"] for each in write["parameters"]} for write in operations("post"))
    assert all("If-Match" in {each["name"] for each in write["parameters"]} for write in operations("patch"))


@cache
def documented():
    """Address -> its operations, as they stand in the file, which takes a second to read."""
    return yaml.safe_load(FILE.read_text())["paths"]


def operations(method):
    return [path[method] for path in documented().values() if method in path]


def test_what_a_table_documents_is_what_it_writes(client):
    people.gather()
    assert "note" not in columns_read(UnitRow())

    (row, *_rest) = client.get(reverse("api-unit-list")).json()["results"]

    assert [*row] != sorted(row)
    assert {*row} == {*UnitRow().fields}
    assert Unit.objects.count() == 16


def test_the_docs_page_needs_nothing_from_elsewhere(client, settings):
    settings.API_DOCS_OPEN = True
    page = client.get(reverse("api-docs"))
    html = page.content.decode()

    assert "https://" not in html
    assert "<script>" not in html
    assert "script-src 'self';" in page["Content-Security-Policy"] + ";"
    assert "unsafe-inline" not in client.get(reverse("home"))["Content-Security-Policy"]
    assert client.get(f"{reverse('api-docs')}?script=")["Content-Type"] == "application/javascript"


@pytest.mark.engine
@schema.include(method="GET").parametrize()
@hypothesis_settings(
    max_examples=25 if THOROUGH else 6,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
    database=None,
)
def test_answers_are_what_the_schema_says(case, cookies, kept_open):
    case.call_and_validate(checks=CHECKS, cookies=cookies, headers={"Accept-Encoding": "identity"})
