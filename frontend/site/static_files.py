"""Static files that were not collected: reported by a check before the start and by a 503 after it."""

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core import checks
from whitenoise.storage import CompressedManifestStaticFilesStorage

SHOWN = 3


class NotCollectedError(ValueError):
    """A page names a file that was not collected. A ValueError, as WhiteNoise expects one."""


class CollectedStorage(CompressedManifestStaticFilesStorage):
    def stored_name(self, name):
        try:
            return super().stored_name(name)
        except ValueError as error:
            raise NotCollectedError(name) from error


@checks.register(checks.Tags.staticfiles, deploy=True)
def collected(app_configs, **_told):  # noqa: ARG001 Django's call
    """System check: every file that a page can name is in STATIC_ROOT, by the list that collectstatic wrote there."""
    if settings.DEBUG or not isinstance(staticfiles_storage, CollectedStorage):
        return []
    known = staticfiles_storage.hashed_files
    missing = sorted(path for finder in get_finders() for path, _storage in finder.list([]) if path not in known)
    if not missing:
        return []
    message = f"{len(missing)} static files are not collected, such as {', '.join(missing[:SHOWN])}."
    return [checks.Error(message, hint="Run manage.py collectstatic --noinput.", id="hatchery.E001")]
