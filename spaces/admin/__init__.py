"""The repair desk, off unless ADMIN_ENABLED: a fallback, not part of the product.

Everything is saved through the actions of the product, with a reason, and recorded as there. Nothing is deleted. The
change log is read only. Django's own admin log stays empty.
"""

from spaces.admin import people, places, records

__all__ = ["people", "places", "records"]  # importing them registers their pages
