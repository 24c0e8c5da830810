"""The filters of a list that are set, and the address of the list without each."""

from django.db.models import Model
from django.urls import reverse


def given(request, form):
    """The names of the filters that are set."""
    return [name for name in form.fields if any(request.GET.getlist(name))]


def chips(request, found):
    """The filters that are set: label, value, and the address of the list without each."""
    rows = []
    for name, field in found.form.fields.items():
        for value in request.GET.getlist(name):
            if not value:
                continue
            rest = request.GET.copy()
            rest.setlist(name, [other for other in rest.getlist(name) if other != value])
            rest.pop("page", None)
            text = found.form.cleaned_data[
                name
            ]  # a row is at hand: reading the choices of the field would query again
            if isinstance(text, Model):
                text = field.label_from_instance(text)
            else:
                text = dict(getattr(field, "choices", None) or []).get(value, value)
            rows.append({"label": field.label, "value": text, "url": f"{reverse('unit-list')}?{rest.urlencode()}"})
    return rows
