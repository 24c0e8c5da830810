"""Questions of an import. The rule states the question and its facts; the caller adds how to answer it.

The command names its options (spaces/management/answers.py); a page would name its fields.
"""

from typing import Any

from django.core.exceptions import ValidationError


def question(code: str, message: str, /, *, ask: str = "", **facts: Any) -> ValidationError:
    """A ValidationError whose message is filled with `facts`, its `params`, with `ask`, the key of the question.

    `ask` defaults to the code.
    """
    return ValidationError(message, code=code, params={"ask": ask or code, **facts})
