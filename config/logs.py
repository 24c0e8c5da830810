"""What stands in a log and what must not: one JSON line an event, in UTC, without secrets, names or phone numbers."""

import json
import logging
import re
import traceback
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

from django.core.exceptions import SuspiciousOperation

# What an address holds that opens something or tells of somebody: a token, an e-mail address, a phone number.
SECRET_PART = re.compile(r"[^/\s\"'?]*@[^/\s\"'?]*|[^/\s\"'?]{25,}|[^/\s\"'?]*\d{7,}[^/\s\"'?]*")
CALENDAR = re.compile(r"(/calendar/)[^/\s\"'?]+(\.ics)")
PATH = re.compile(r"/[^\s\"']*")
PERSONAL = re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+|(?<![\d.])\+?\d[\d-]{6,14}\d(?![\d.])|[A-Za-z0-9_-]{40,}")
HIDDEN = "…"
LONGEST = 2000
ATTRIBUTES = ("event", "method", "path", "status", "ms", "address")
# Of the request that is being answered, for every line that is written meanwhile.
request_id: ContextVar[str | None] = ContextVar("request_id", default=None)


def masked_path(path: str) -> str:
    """An address without its query, and without the parts of it that are secret or personal."""
    path = CALENDAR.sub(rf"\1{HIDDEN}\2", path.partition("?")[0])
    return SECRET_PART.sub(HIDDEN, path)[:LONGEST]


class WithoutSecrets(logging.Filter):
    """Passes every record on, with secret addresses taken out of its words and of what stands in for them."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg = _clean(record.msg)
        if isinstance(record.args, tuple):
            record.args = tuple(_clean(arg) for arg in record.args)
        return True


class StrangersWarn(logging.Filter):
    """What a client did wrong (a false Host, too many fields) is a warning without frames: anyone can cause it."""

    def filter(self, record: logging.LogRecord) -> bool:
        if record.exc_info and isinstance(record.exc_info[1], SuspiciousOperation):
            record.levelno, record.levelname, record.exc_info = logging.WARNING, "WARNING", None
        return True


class JsonLines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        told: dict[str, Any] = {"at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")}
        told |= {"stream": _stream(record.name), "level": record.levelname, "request": request_id.get()}
        told |= {name: getattr(record, name) for name in ("actor", *ATTRIBUTES) if hasattr(record, name)}
        if "event" not in told:
            told |= {"logger": record.name, "message": PERSONAL.sub(HIDDEN, record.getMessage())[:LONGEST]}
        if record.exc_info and record.exc_info[1]:
            told["error"] = _error(record.exc_info[1])
        return json.dumps(told)  # newlines and whatever else ends a line are written as \n or \u2028


def config(*, debug: bool, access: bool) -> dict[str, Any]:
    """The LOGGING of Django: lines of JSON on stderr, plain ones while somebody looks at them."""
    filters = ["strangers_warn", "without_secrets"]
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {
            "without_secrets": {"()": "config.logs.WithoutSecrets"},
            "strangers_warn": {"()": "config.logs.StrangersWarn"},
        },
        "formatters": {
            "json": {"()": "config.logs.JsonLines"},
            "plain": {"format": "[{asctime}] {message}", "style": "{"},
        },
        "handlers": {
            "lines": {"class": "logging.StreamHandler", "formatter": "plain" if debug else "json", "filters": filters}
        },
        "root": {"handlers": ["lines"], "level": "WARNING"},
        "loggers": {
            "django": {"handlers": [], "level": "WARNING"},
            "django.request": {"filters": filters},
            "django.server": {"handlers": [], "level": "INFO" if debug else "WARNING", "filters": filters},
            "frontend.site.error_pages": {"filters": filters},
            # Its own line on a failed task has a traceback, and in it what people typed; the worker says what failed.
            "django.tasks": {"level": "CRITICAL"},
            "hatchery.access": {"level": "INFO" if access else "CRITICAL"},
            "hatchery.security": {"level": "INFO"},
        },
    }


def _stream(name: str) -> str:
    if name == "hatchery.access":
        return "access"
    return "security" if name.startswith(("hatchery.security", "django.security")) else "application"


def _error(error: BaseException) -> dict[str, Any]:
    """Where it happened, and the first line of its words: further ones quote whole rows."""
    words = (str(error).splitlines() or [""])[0]
    frames = traceback.extract_tb(error.__traceback__)
    return {
        "type": type(error).__name__,
        "words": PERSONAL.sub(HIDDEN, words)[:LONGEST],
        "where": [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames],
    }


def _clean(value: Any) -> Any:
    return PATH.sub(lambda found: masked_path(found[0]), value) if isinstance(value, str) else value
