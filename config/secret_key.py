"""Which keys are none: everybody knows them, or can guess them."""

SHORTEST = 40
FEWEST_CHARACTERS = 10  # different ones: a random key of hexadecimal digits has nearly always more
PUBLISHED = ("demo-only-", "tests-only-", "django-insecure-", "…", "change")


def refusal(key: str, *, debug: bool) -> str:
    """Why the server must not start with this key, in words; "" for a good one."""
    if len(key) < SHORTEST:
        return f"Set SECRET_KEY to {SHORTEST} characters or more, or DEBUG=1 to try the demo."
    if debug:
        return ""
    if key.lower().startswith(PUBLISHED):
        return f"SECRET_KEY begins with “{key[:10]}”: such keys are published. {MAKE_ONE}"
    if len(set(key)) < FEWEST_CHARACTERS:
        return f"SECRET_KEY has only {len(set(key))} different characters: it can be guessed. {MAKE_ONE}"
    return ""


MAKE_ONE = 'Make one: python3 -c "import secrets; print(secrets.token_urlsafe(50))"'
