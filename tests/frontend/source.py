"""The HTML of an answer as one line: templates wrap long lines, browsers show a line break as a space."""


def source(response):
    return " ".join(response.content.decode().split())
