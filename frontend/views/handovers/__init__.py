"""Checklists of a move-in or a move-out."""
