"""Leases: list, page, acts, timeline, expiry calendar, export, calendar feed, reminders."""
