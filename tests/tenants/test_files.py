"""Files are what they are by content: hostile ones are refused with a sentence, good ones come out rewritten."""

import io
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from PIL import Image

from tenants.actions import uploads
from tests.peak import peak_of
from tests.tenants import corpus

HOSTILE, GOOD = corpus.hostile(), corpus.good()
MEMORY_KB = 200 * 1024


def test_the_corpus_is_large_enough():
    assert len(HOSTILE) >= 40


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_with_a_sentence(name):
    with pytest.raises(ValidationError) as refusal:
        uploads.inspect(f"{name}.png", HOSTILE[name])

    (error,) = refusal.value.error_dict["file"]
    assert error.code == "file"
    assert error.messages[0].endswith(".")


@pytest.mark.parametrize("name", GOOD)
def test_a_good_file_comes_through_with_nothing_but_its_pixels(name):
    sent, ending = GOOD[name]

    clean = uploads.inspect("照片.bin", sent)

    assert clean.name == f"照片.{ending}"
    assert corpus.SCRIPT not in clean.content
    if ending != "pdf":
        with Image.open(io.BytesIO(clean.content)) as picture:
            assert (picture.mode, dict(picture.getexif())) == ("RGB", {})


def test_a_turned_photo_stands_upright():
    clean = uploads.inspect("a.jpg", GOOD["jpeg of a phone, turned"][0])

    with Image.open(io.BytesIO(clean.content)) as picture:
        assert picture.size == (20, 60)


@pytest.mark.parametrize("name", [name for name in HOSTILE | GOOD if "0" in name or "bomb" in name or "12" in name])
def test_a_picture_costs_less_than_200_mb(name):
    sent = HOSTILE.get(name) or GOOD[name][0]
    if not Path("/proc/self/status").exists():
        pytest.fail("This test reads the peak of memory from /proc: run it on Linux.")
    _answer, peak = peak_of("image", sent)

    assert peak < MEMORY_KB


@pytest.mark.parametrize(
    ("result", "kept"),
    [
        ("../../etc/passwd.png", "passwd.png"),
        ("C:\\temp\\a.b.exe", "a.b.png"),
        ("a\u202egnp.exe", "agnp.png"),
        ("", "file.png"),
        (".png", "file.png"),
        ("长" * 300, "长" * 120 + ".png"),
    ],
)
def test_a_name_is_kept_without_its_path_and_its_ending(result, kept):
    assert uploads.inspect(result, GOOD["png"][0]).name == kept
