"""Filters and tags of the templates. No query."""
