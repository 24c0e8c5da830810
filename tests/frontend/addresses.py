"""One address of every pattern that the product has: pages, accounts, API."""

import re

from django.urls import get_resolver

# What stands in for each converter, unless the caller says otherwise.
FILLED = {"int": "1", "str": "x", "slug": "x", "level": "1", "number": "XQ-2026-0001", "step": "space",
          "stackfile": "xlsx", "answer": "accept"}  # fmt: skip
CONVERTER = re.compile(r"<(\w+):\w+>")
GROUP = re.compile(r"\(\?P<\w+>[^)]*\)")


def every_address(**filled):
    """(name, address) of each pattern; the page that stands for all unknown ones is left out."""
    words = FILLED | filled

    def walk(patterns, before):
        for each in patterns:
            text = before + str(each.pattern)
            if hasattr(each, "url_patterns"):
                yield from walk(each.url_patterns, text)
            elif each.name != "nowhere":
                yield each.name, "/" + _plain(text, words)

    return list(walk(get_resolver().url_patterns, ""))


def _plain(text, words):
    filled = CONVERTER.sub(lambda found: words[found[1]], text)
    return GROUP.sub(words["str"], filled).replace("^", "").replace("$", "").replace("\\Z", "")
