"""The server's side of htmx."""

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render, resolve_url
from django.template.loader import render_to_string
from django.utils.cache import patch_vary_headers
from django_htmx.http import HttpResponseClientRedirect

VARY = ("HX-Request", "HX-Request-Type")


def wants_fragment(request):
    """Back, boosted links and `hx-select` want the whole page, also when htmx asks."""
    return bool(request.htmx) and request.htmx.request_type == "partial"


def render_part(request, template, context=None, status=None):
    """A partial, `page.html#rows`, followed by the messages that wait."""
    return part(request, render_to_string(template, context, request), status)


def part(request, content, status=None):
    """Rendered content as a fragment, followed by the messages that wait."""
    response = HttpResponse(content, status=status)
    response.write(render_to_string("frontend/_messages.html#added", {}, request))
    patch_vary_headers(response, VARY)
    return response


def render_page(request, template, context=None, *, fragment, status=None):
    """The partial `fragment` of the template when htmx asks for it, else the whole page."""
    if wants_fragment(request):
        return render_part(request, f"{template}#{fragment}", context, status)
    response = render(request, template, context, status=status)
    patch_vary_headers(response, VARY)
    return response


def go_to(request, to, *args, **kwargs):
    """Leave the page: a plain 302 would be followed by fetch, and the next page would land in the fragment."""
    url = resolve_url(to, *args, **kwargs)
    if wants_fragment(request):
        return HttpResponseClientRedirect(url)
    return HttpResponseRedirect(url, status=303)
