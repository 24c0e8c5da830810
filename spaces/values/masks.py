"""Personal words for those who may read about a person and need not reach him: auditors and officials."""

from typing import Any

CONTACT = frozenset({"contact_name", "contact_phone", "contact_email"})
SHOWN = (3, 4)  # of a phone number, at its beginning and end


def phone(value: str) -> str:
    """138****1234: enough to know it again, too little to call."""
    first, last = SHOWN
    if len(value) > first + last:
        return f"{value[:first]}****{value[-last:]}"
    return "****" if value else ""


def word(value: str) -> str:
    """The first character of a name, of a mail its first and its host."""
    head, at, host = value.partition("@")
    return f"{head[:1]}***{at}{host}" if value else ""


def contact(row: Any, *, near: bool) -> dict[str, str]:
    """The contact of a company or a request: whole for its own people and those of the park, masked for the rest."""
    contact_facts = {name: getattr(row, name) for name in sorted(CONTACT)}
    if near:
        return contact_facts
    return {name: phone(value) if name == "contact_phone" else word(value) for name, value in contact_facts.items()}
