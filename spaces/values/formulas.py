"""Text that Excel would run as a formula: quoted in the files written here, unquoted in the files read."""

FORMULA_PREFIXES = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠")


def quoted(text: str) -> str:
    """The text as it may stand in a CSV file that Excel opens: with a ' before a formula."""
    return f"'{text}" if text.startswith(FORMULA_PREFIXES) else text


def unquoted(text: str) -> str:
    """The inverse of `quoted`."""
    return text[1:] if text.startswith("'") and text[1:].startswith(FORMULA_PREFIXES) else text
