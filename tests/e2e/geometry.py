"""The geometry of a page at three widths and on paper: geometry.js run in a page that was loaded once."""

from dataclasses import asdict, dataclass
from pathlib import Path

SCRIPT = Path(__file__).with_name("geometry.js").read_text()


@dataclass(frozen=True, slots=True)
class View:
    """A window, or a sheet of paper: A4 landscape within the margins of print.css at 96 dpi."""

    name: str
    width: int
    height: int
    media: str = "screen"


PHONE, DESK, WIDE, PAPER = (
    View("390", 390, 844),
    View("1280", 1280, 800),
    View("1600", 1600, 900),
    View("print", 1032, 718, "print"),
)
VIEWS = (DESK, WIDE, PHONE, PAPER)


def show(page, view):
    """Resize the window of a loaded page, or turn it into paper."""
    page.set_viewport_size({"width": view.width, "height": view.height})
    page.emulate_media(media=view.media)


def faults(page, view):
    """What is wrong with the page in this view: lines, none for a sound one."""
    return page.evaluate(SCRIPT, asdict(view))


def walk(page):
    """{view: faults} of a loaded page, of those views that have any."""
    found = {}
    for view in VIEWS:
        show(page, view)
        if lines := faults(page, view):
            found[view.name] = lines
    show(page, DESK)
    return found
