"""Benchmarks against hand-written SQL. Django is set up here, because `python -m tests.bench` has no manage.py."""

import os

import django
from django.apps import apps

if not apps.ready:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
