"""A page is shown by its address alone: what two pages share stands in a module of its own."""

import ast

from django.conf import settings

from frontend.urls import urlpatterns

VIEWS = {(each.callback.__module__, each.callback.__name__) for each in urlpatterns}
SOURCES = sorted((settings.BASE_DIR / "frontend/views").rglob("*.py"))


def test_no_view_is_imported_by_another_view():
    imported = [
        (path.name, name.name)
        for path in SOURCES
        for line in ast.walk(ast.parse(path.read_text()))
        if isinstance(line, ast.ImportFrom)
        for name in line.names
        if (line.module, name.name) in VIEWS
    ]

    assert len(VIEWS) > 90
    assert imported == []
