"""Apply number formats that add zeros or letters to a whole number: 0000, "A-"000, 0"室"."""

import re

TOKEN = re.compile(r'"([^"]*)"|\\(.)|([-/().:+ ])|([0#]+)')
LONGEST, LARGEST = 40, 10**15


def as_shown(code: str, value: float) -> str | None:
    """The formatted text of a whole number ≥ 0; None if it equals the number's digits, or the format is unknown.

    Only the first section is used, that of numbers above 0. One run of 0 and # stands for the digits.
    """
    section = code.split(";", maxsplit=1)[0]
    if len(section) > LONGEST or not 0 <= value < LARGEST or value != int(value):
        return None
    text, at, runs = "", 0, 0
    digits = str(int(value))
    for token in TOKEN.finditer(section):
        if token.start() != at:
            return None
        at = token.end()
        quoted, escaped, sign, run = token.groups()
        runs += run is not None
        text += digits.zfill(run.count("0")) if run else quoted or escaped or sign or ""
    return text if at == len(section) and runs == 1 and text != digits else None
