"""Who may open a page at all. What he may see or change there: spaces.access."""


def open_place(view):
    """Mark a view that visitors may open while settings.PLACES_OPEN: places, totals, published vacancies."""
    view.open_place = True
    return view
