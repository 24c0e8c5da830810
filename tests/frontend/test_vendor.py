"""The vendored files are the ones that vendor.json describes."""

import hashlib
import json
from pathlib import Path

import pytest
from django.conf import settings

STATIC = settings.BASE_DIR / "frontend/static/frontend"
VENDOR = STATIC / "vendor"
FILES = json.loads((VENDOR / "vendor.json").read_text())["files"]


def test_every_vendored_file_is_described():
    found = {path.name for path in VENDOR.iterdir() if ".min." in path.name}

    assert found == set(FILES)


@pytest.mark.parametrize("name", sorted(FILES))
def test_a_vendored_file_has_its_hash_and_its_licence(name):
    result = FILES[name]

    assert hashlib.sha256((VENDOR / name).read_bytes()).hexdigest() == result["sha256"]
    assert (VENDOR / result["licence_text"]).read_text().strip() != ""


@pytest.mark.parametrize(
    "path", sorted(p for p in STATIC.rglob("*") if p.suffix in {".css", ".js"}), ids=lambda path: Path(path).name
)
def test_no_source_map_is_named(path):
    assert "sourceMappingURL" not in path.read_text()
