"""What an import can't know and asks. The rule says what is asked and its facts; who asks adds how to answer.

The command names its options (spaces/management/answers.py); a page would name its fields.
"""

from typing import Any

from django.core.exceptions import ValidationError


def question(code: str, message: str, /, *, ask: str = "", **facts: Any) -> ValidationError:
    """A refusal whose sentence is filled with `facts`. They travel in its `params`, with `ask`, the question's key.

    `ask` is the code itself where that is enough to find the answer.
    """
    return ValidationError(message, code=code, params={"ask": ask or code, **facts})
