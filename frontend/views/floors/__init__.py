"""Floors: their page, versions of their plan, the plan editor, import of drawings."""
