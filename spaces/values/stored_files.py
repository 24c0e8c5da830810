"""Files under MEDIA_ROOT. A database can outlive them: restored without them, or with their volume not mounted."""

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
