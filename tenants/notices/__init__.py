"""Notices: their texts and who receives them."""
