"""What docs/architecture.md says of the code is true of it: the picture, and every file and function it names."""

import ast
import re

import pytest

from tests.map import PICTURE, ROOT, picture

PAGE = (ROOT / "docs/architecture.md").read_text()
NAMED = sorted(set(re.findall(r"`((?:config|frontend|tenants|spaces|tests)/[\w/]*(?:\.py)?)(?::(\w+))?`", PAGE)))


def test_the_picture_is_that_of_the_code():
    assert PICTURE.read_text() == picture(), "make map"


@pytest.mark.parametrize(("path", "function"), NAMED)
def test_what_the_page_names_exists(path, function):
    file = ROOT / path
    assert file.is_file() if path.endswith(".py") else file.is_dir()
    if function:
        defined = {
            node.name for node in ast.parse(file.read_text()).body if isinstance(node, ast.FunctionDef | ast.ClassDef)
        }
        assert function in defined
