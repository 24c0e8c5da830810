"""What must not stand in a log: the secret part of a calendar's address, which is all that its reader needs."""

import logging
import re

SECRET = re.compile(r"(/calendar/)[^/\s\"'?]+(\.ics)")
HIDDEN = r"\1…\2"


class WithoutSecrets(logging.Filter):
    """Passes every record on, with secret addresses taken out of its words and of what stands in for them."""

    def filter(self, record):
        record.msg = _clean(record.msg)
        if isinstance(record.args, tuple):
            record.args = tuple(_clean(arg) for arg in record.args)
        return True


def _clean(value):
    return SECRET.sub(HIDDEN, value) if isinstance(value, str) else value
