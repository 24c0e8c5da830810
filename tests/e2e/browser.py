"""The browser that walks the product: CHROMIUM, or the first that is installed. The shell draws as the whole does."""

import os
import shutil

KNOWN = ("chromium-headless-shell", "chromium", "google-chrome")


def executable():
    """Its path; None where there is none."""
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, KNOWN)), None)
