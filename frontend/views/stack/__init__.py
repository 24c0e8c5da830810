"""Stacking plans of a building or a park, as pages and as files."""
