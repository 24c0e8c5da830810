"""The read API of places, units, areas and changes."""
