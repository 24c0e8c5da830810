"""The name of a thing in the language of the reader, for all pages, choices and mails."""

from typing import Any

from django.utils.translation import get_language


def localized(name: str, name_en: str) -> str:
    """The English name on English pages, where there is one."""
    return name_en if get_language() == "en" and name_en else name


def short_name(row: Any) -> str:
    """The name in the reader's language alone, for the cells of a table and for choices."""
    return localized(row.name, row.name_en)
