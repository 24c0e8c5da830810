"""The colours of units: distinguishable for everyone, also without colour; the same in style sheet and SVG.

Distances are CIEDE2000, colour blindness after Machado 2009 at full severity.
"""

import re
from itertools import combinations, pairwise
from pathlib import Path

import pytest
from coloraide.everything import ColorAll as Color
from django.conf import settings

from frontend.graphics.palette import PAINTS, PATTERNS
from frontend.site.formatting import GLYPHS
from spaces.states import UnitState

CSS = (Path(settings.BASE_DIR) / "frontend/static/frontend/units.css").read_text()
STATES = ("vacant", "reserved", "committed", "occupied", "offline", "common", "holdover")
EXPIRIES = ("overdue", "3m", "6m", "12m", "24m", "later")
# At least so far apart: measured 13.6, 12.1, 12.7, 15.8 and 8.4, and 16.5, 11.9, 12.9, 14.6 and 12.4.
SEEN = ("normal", "protan", "deutan", "tritan", "grey")


def seen(fill, how):
    colour = Color(fill)
    if how == "grey":
        return colour.filter("grayscale", 1)
    return colour if how == "normal" else colour.filter(how, 1, method="machado", out_space="srgb")


def distances(names, how, pairs):
    found = {name: seen(PAINTS[name].fill, how) for name in names}
    return {(one, other): found[one].delta_e(found[other], method="2000") for one, other in pairs(names)}


def every(names):
    return combinations(names, 2)


@pytest.mark.parametrize(("how", "least"), list(zip(SEEN, (13, 12, 12, 15, 8), strict=True)))
def test_states_are_told_apart(how, least):
    near = distances([f"s-{state}" for state in STATES], how, every)

    assert {pair: round(far, 1) for pair, far in near.items() if far < least} == {}


@pytest.mark.parametrize(("how", "least"), list(zip(SEEN, (16, 11, 12, 14, 12), strict=True)))
def test_ends_of_leases_are_a_scale_with_steps_that_are_seen(how, least):
    near = distances([f"e-{expiry}" for expiry in EXPIRIES], how, pairwise)

    assert {pair: round(far, 1) for pair, far in near.items() if far < least} == {}


def test_each_state_has_a_glyph_of_its_own_and_what_waits_for_a_decision_a_pattern_or_a_border():
    assert len({GLYPHS[state] for state in UnitState}) == len(UnitState)
    strong = [PAINTS[f"s-{name}"] for name in ("vacant", "reserved", "committed", "offline", "holdover", "unknown")]
    assert [paint for paint in strong if not paint.pattern and paint.width == 1] == []


@pytest.mark.parametrize("name", PAINTS)
def test_text_on_its_fill_has_a_contrast_of_four_and_a_half(name):
    paint = PAINTS[name]

    assert Color(paint.text).contrast(paint.fill) >= 4.5


def test_the_picture_has_the_colours_of_the_page():
    variables = dict(re.findall(r"--(s-[a-z]+):(#[0-9A-Fa-f]{6})", CSS))
    rules = dict(re.findall(r"\.(e-[0-9a-z]+)\{background:(#[0-9A-Fa-f]{3,6})", CSS))
    result = {f"{name}": fill.upper() for name, fill in variables.items()}
    result |= {name: "#FFFFFF" if fill == "#fff" else fill.upper() for name, fill in rules.items()}

    drawn = {name: paint.fill.upper() for name, paint in PAINTS.items() if name != "e-none"}
    assert {name: result[name] for name in drawn} == drawn
    assert {paint.pattern for paint in PAINTS.values()} - {""} == set(PATTERNS)
