"""What no person types, and what some do: one list for every field, parameter and address of the pages."""

from urllib.parse import urlencode

# One of each kind of harm: tried at every place alone.
WORST = ["", "a\0b", "\ud800", "9999-12-31", "sNaN", "1e999", "9" * 400, "%(x)s %s {0}%"]
# Tried at all places of a page or form at once, as each place reads its own.
VALUES = [
    "", "\0", "a\0b", "\u202etxt", "\ud800", "\ufffe", "2026-02-30", "0001-01-01", "9999-12-31", "infinity", "NaN",
    "sNaN", "Infinity", "1e999", "-1", "１２３", "²", "9" * 400, "' OR 1=1 --", "%(x)s %s {0}%", "{% debug %}",
    "<script>alert(1)</script>", "../../etc/passwd", "💥𠀀", "word " * 2_000, "[" * 5_000,
    # no text at all, or none that a database should keep
    " ", "\t", "\x1b[2J", "\x85", "\u2066x\u2069", "a\udfffb", "\ufeff", "\u200b", "\r\n", "a\r\nSet-Cookie: x=1",
    # days
    "0000-00-00", "1999-12-31", "2100-01-01", "2026-13-01", "2026-06-01T00:00Z", "２０２６年６月１日", "2026-W01-1",
    # numbers
    "-Infinity", "-1e999", "1e-999", "0", "-0", "0.001", "1,5", "٣", "99999999999999999999", "9223372036854775808",
    "0x10", "1_000", "1e5", "0E+999999999",
    # text that means something to somebody else
    '"; DROP TABLE spaces_unit; --', "_%\\", "${7*7}", '"><img src=x onerror=alert(1)>', "=HYPERLINK(1)", "(a+)+$",
    # much of it
    "null", "e\u0301" * 20, "a" * 10_000, ",".join("ab" * 2_000),
]  # fmt: skip
RAW = ["%00", "%ED%A0%80", "%FF", "%", "%zz", "%C0%AF", "%F4%90%80%80", "%EF%BC%91", "+", "&&==&"]
NAMES = ["id__in", "floor__building__park__code__regex", "_connector", "__proto__", "pk", "q[]", "a" * 5_000, "ﬁ", "'"]


def query(**values):
    """An address's query, or the body of a form, with whatever the values are."""
    return urlencode(values, doseq=True, errors="surrogatepass")
