"""Mask personal data, for readers who may not contact the person: officials and auditors."""

from typing import Any

CONTACT = frozenset({"contact_name", "contact_phone", "contact_email"})
SHOWN = (3, 4)  # shown digits of a phone number, at both ends


def phone(value: str) -> str:
    """A phone number as 138****1234: recognisable, but not callable."""
    first, last = SHOWN
    if len(value) > first + last:
        return f"{value[:first]}****{value[-last:]}"
    return "****" if value else ""


def word(value: str) -> str:
    """The first character of a name; of an e-mail address the first character and the host."""
    head, at, host = value.partition("@")
    return f"{head[:1]}***{at}{host}" if value else ""


def contact(row: Any, *, near: bool) -> dict[str, str]:
    """The contact of a company or a request: in full for its own people and those of the park, masked for others."""
    contact_facts = {name: getattr(row, name) for name in sorted(CONTACT)}
    if near:
        return contact_facts
    return {name: phone(value) if name == "contact_phone" else word(value) for name, value in contact_facts.items()}
