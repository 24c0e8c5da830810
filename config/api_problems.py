"""What every operation of the API may be refused with, for its description."""

from http import HTTPStatus

PROBLEM = "application/problem+json"
REFUSALS = (400, 401, 403, 404, 406, 414, 503)
REFUSALS_OF_WRITES = (409, 412, 413, 415, 422, 428)


def add_problems(result, generator, request, public):  # noqa: ARG001 spectacular's call
    """Every operation may be refused: stock schemas do not say so."""
    text, nullable = {"type": "string"}, {"type": ["string", "null"]}
    error = {
        "type": "object",
        "required": ["code", "detail"],
        "properties": {"pointer": text, "parameter": text, "code": text, "detail": text},
    }
    taken = {"unit": text, "by": nullable, "last_day": nullable, "who": nullable, "at": nullable}
    conflict = {"type": "object", "required": ["unit"], "properties": taken}
    names = ("day", "figure", "before", "after", "difference")
    place = {"park": nullable, "ecosystem": nullable, "industrial": {"type": ["boolean", "null"]}}
    moved = {"type": "object", "required": list(names), "properties": {**dict.fromkeys(names, text), **place}}
    result["components"]["schemas"]["Problem"] = {
        "type": "object",
        "description": "RFC 9457",
        "required": ["type", "title", "status", "detail"],
        "properties": {
            **dict.fromkeys(("type", "title", "detail", "instance", "trace"), text),
            "status": {"type": "integer"},
            "errors": {"type": "array", "items": error},
            "conflicts": {"type": "array", "items": conflict, "description": "unit-not-free: who was faster."},
            "moves": {
                "type": "array",
                "items": moved,
                "description": "confirm: reported figures that the call moves.",
            },
            "confirm": {"type": "string", "description": "Sent with the same call and a reason it confirms `moves`."},
            "allowed": {"type": "array", "items": text, "description": "illegal-transition: states that may follow."},
        },
    }
    content = {PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    for path in result["paths"].values():
        for method, operation in path.items():
            for code in (*REFUSALS, *(() if method == "get" else REFUSALS_OF_WRITES)):
                refused = {"description": HTTPStatus(code).phrase, "content": content}
                operation["responses"].setdefault(str(code), refused)
    return result
