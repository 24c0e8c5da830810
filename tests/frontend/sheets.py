"""The forms of a page as a browser sees them: found, filled in, sent."""

from html.parser import HTMLParser
from urllib.parse import urlsplit

from django.urls import Resolver404, resolve

NEVER_SENT = {"submit", "button", "file", "reset"}


class Form:
    """One form that posts: where to, what it holds, and how each field may be filled."""

    def __init__(self, attrs):
        self.action, self.in_place = attrs.get("action"), attrs.get("hx-boost") == "true" or "hx-post" in attrs
        self.data, self.kinds, self.options, self.required = {}, {}, {}, set()

    def route(self, page):
        return route_of(self.action or page)

    def filled(self, **typed):
        return self.data | typed


class Reader(HTMLParser):
    def __init__(self):
        super().__init__()
        self.forms, self.links, self.open, self.area, self.select = [], set(), None, None, None

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag == "a" and attrs.get("href", "").startswith("/"):
            self.links.add(urlsplit(attrs["href"]).path)
        if tag == "form" and attrs.get("method") == "post":
            self.open = Form(attrs)
            self.forms.append(self.open)
        if self.open is None:
            return
        name = attrs.get("name")
        if "required" in attrs:
            self.open.required.add(name)
        match tag:
            case "input" if name and attrs.get("type") not in NEVER_SENT:
                self._input(name, attrs)
            case "input" if attrs.get("type") == "file":
                self.open.kinds[name] = "file"
            case "textarea":
                self.area, self.open.data[name], self.open.kinds[name] = name, "", "textarea"
            case "select":
                self.select, self.open.kinds[name], self.open.options[name] = name, "select", []
            case "option" if self.select:
                self._option(attrs)

    def _input(self, name, attrs):
        kind = attrs.get("type", "text")
        if kind in {"checkbox", "radio"}:
            self.open.options.setdefault(name, []).append(attrs.get("value", "on"))
            self.open.kinds[name] = kind
            if "checked" not in attrs:
                return
        self.open.kinds[name] = attrs.get("inputmode", kind) if kind == "text" else kind
        value = attrs.get("value", "")
        held = self.open.data.get(name)
        if held is None or kind == "radio":
            self.open.data[name] = value
        else:
            self.open.data[name] = [*(held if isinstance(held, list) else [held]), value]

    def _option(self, attrs):
        value = attrs.get("value", "")
        self.open.options[self.select].append(value)
        if "selected" in attrs or self.select not in self.open.data:
            self.open.data[self.select] = value

    def handle_data(self, data):
        if self.area:
            self.open.data[self.area] += data

    def handle_endtag(self, tag):
        if tag == "textarea" and self.area:
            held = self.open.data[self.area]
            self.open.data[self.area] = held.removeprefix("\n")
            self.area = None
        elif tag == "select":
            self.select = None
        elif tag == "form":
            self.open = None


def read(response):
    """(forms that post, addresses of links) of a page."""
    reader = Reader()
    reader.feed(response.content.decode())
    return reader.forms, reader.links


def route_of(path):
    """(name, verb) of an address of ours: the verb where one route carries several acts; None for no page of ours."""
    try:
        match = resolve(urlsplit(path).path)
    except Resolver404:
        return None
    verb = next((match.kwargs[name] for name in ("verb", "step", "answer", "owner") if name in match.kwargs), "")
    return match.url_name, str(verb)
