"""The product as a server calls it: `config.wsgi:application`."""

import os

from django.core.wsgi import get_wsgi_application
from django.utils.http import parse_header_parameters

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django = get_wsgi_application()
UTF_8 = {"utf-8", "utf8", "us-ascii", "ascii"}


def application(environ, start_response):
    """Django, which would read address and body in any codec of Python that the content type names, hex among them.

    Another one than UTF-8 is taken out here, before a request is made of it, and refused by frontend/site/limits.py.
    """
    kind, told = parse_header_parameters(environ.get("CONTENT_TYPE", ""))
    charset = told.get("charset", "utf-8")
    if charset.lower() not in UTF_8:
        environ |= {"CONTENT_TYPE": kind, "hatchery.other_encoding": charset}
    return django(environ, start_response)
