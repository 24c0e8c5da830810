"""Units: list, page, side panel, acts on a unit, search for vacant ones."""
