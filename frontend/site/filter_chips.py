"""What the filters of a list hold, and the addresses of the list without each."""

from django.db.models import Model
from django.urls import reverse


def given(request, form):
    """The names of the filters that hold something."""
    return [name for name in form.fields if any(request.GET.getlist(name))]


def chips(request, found):
    """The filters in force, each with the address of the same list without it."""
    rows = []
    for name, field in found.form.fields.items():
        for value in request.GET.getlist(name):
            if not value:
                continue
            rest = request.GET.copy()
            rest.setlist(name, [other for other in rest.getlist(name) if other != value])
            rest.pop("page", None)
            words = found.form.cleaned_data[name]  # a row is at hand: its field's choices would be asked for again
            if isinstance(words, Model):
                words = field.label_from_instance(words)
            else:
                words = dict(getattr(field, "choices", None) or []).get(value, value)
            rows.append({"label": field.label, "value": words, "url": f"{reverse('unit-list')}?{rest.urlencode()}"})
    return rows
