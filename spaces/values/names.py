"""Names in the language of the reader, for pages, choices and mails."""

from typing import Any

from django.utils.translation import get_language


def localized(name: str, name_en: str) -> str:
    """The English name if the active language is English and there is one; else the Chinese name."""
    return name_en if get_language() == "en" and name_en else name


def short_name(row: Any) -> str:
    """The name of a row in the reader's language."""
    return localized(row.name, row.name_en)
