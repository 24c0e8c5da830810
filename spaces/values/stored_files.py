"""Files under MEDIA_ROOT, which a database can outlive: it was restored without them, or their volume is not mounted."""

from typing import Any

from django.core.files import File
from django.core.files.storage import Storage


class StoredFileMissingError(OSError):
    """The row of a file is there, and the file is not."""


def opened(storage: Storage, name: str) -> File[Any]:
    """The stored file, to be read. Raises StoredFileMissingError."""
    try:
        return storage.open(name)
    except (FileNotFoundError, NotADirectoryError) as error:
        message = f"{name} is not in the media folder"
        raise StoredFileMissingError(message) from error
