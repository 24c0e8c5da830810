"""/livez and /readyz for process supervisors and load balancers: `ok` or `unavailable`."""

import logging

from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpResponse, HttpResponseNotAllowed

logger = logging.getLogger(__name__)
_migrated = []  # cached once true: a new version is a new process


class HealthMiddleware:
    """Runs before host names, sessions and logins, which a probe does not have."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        answer = CHECKS.get(request.path_info)
        if answer is None:
            return self.get_response(request)
        if request.method not in {"GET", "HEAD"}:
            return HttpResponseNotAllowed(["GET", "HEAD"])
        return _say(fine=answer())


def live():
    """200 while the process answers. The database is not checked: a restart would not repair it."""
    return True


def ready():
    """The database answers and has every migration of this version."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        if not _migrated:
            executor = MigrationExecutor(connection)
            left = executor.migration_plan(executor.loader.graph.leaf_nodes())
            if left:
                logger.error("Not ready: %s migrations to apply, the first is %s.", len(left), left[0][0])
                return False
            _migrated.append(True)
    except Error as error:
        logger.error("Not ready: %s", error)  # noqa: TRY400 one line; an outage is not a bug
        return False
    return True


CHECKS = {"/livez": live, "/readyz": ready}


def _say(*, fine):
    answer = HttpResponse("ok\n" if fine else "unavailable\n", content_type="text/plain", status=200 if fine else 503)
    answer["Cache-Control"] = "no-store"
    return answer
