"""The folder of private files."""

from pathlib import Path

from django.core.files.storage import FileSystemStorage


class WholeFiles(FileSystemStorage):
    """A file lies there whole or not at all: Django leaves the first half of one that found the disk full."""

    def _save(self, name, content):
        """`name` is a random one of ours, so what lies there is what was begun here."""
        try:
            return super()._save(name, content)
        except OSError:
            Path(self.path(name)).unlink(missing_ok=True)
            raise
