"""`make map`: draws docs/images/map.svg, the packages of the four apps in the layers that their imports make.

A box imports only boxes below it; boxes in one row do not import each other.
"""

import ast
import html
import sys
from itertools import groupby, pairwise
from pathlib import Path

import grimp

ROOT = Path(__file__).parent.parent
PICTURE = ROOT / "docs/images/map.svg"
APPS = ("config", "frontend", "tenants", "spaces")

WIDTH, MARGIN, GAP = 1080, 16, 10
TITLE, ROW, BOX = 34, 44, 34
STYLE = (
    "text{font:13px system-ui,sans-serif;fill:#1f2933}.app{font-weight:600;font-size:16px}.floor{fill:#f4f6f8}"
    ".box{fill:#fff;stroke:#9aa5b1}.package{stroke:#1f5f99;stroke-width:1.6}"
)
HEAD = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {high}" role="img" aria-label="Packages by layer">'
    '<style>{style}</style><defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8"'
    ' markerHeight="8" orient="auto"><path d="M0 0L8 4L0 8z"/></marker></defs>'
)
FLOOR = (
    '<rect class="floor" x="{x}" y="{y}" width="{wide}" height="{high}" rx="8"/>'
    '<text class="app" x="{text_x}" y="{text_y}">{app}/</text>'
)
ARROW = '<path d="M{x:g} {y}V{end}" stroke="#616e7c" marker-end="url(#tip)"/>'
ROOM = (
    '<g><title>{purpose}</title><rect class="{css}" x="{x:.1f}" y="{y}" width="{wide:.1f}" height="{high}" rx="5"/>'
    '<text x="{middle:.1f}" y="{name_y}" text-anchor="middle">{name}</text></g>'
)


def layers(graph, app):
    """The modules and packages of an app as rows, top down: each one row above the highest that it imports."""
    children = {child for child in graph.find_children(app) if not child.endswith(".migrations")}
    below = {child: {other for other in children - {child} if _imports(graph, child, other)} for child in children}
    heights = {}
    while len(heights) < len(below):
        ready = {child for child in below if child not in heights and below[child] <= heights.keys()}
        if not ready:
            raise SystemExit(f"Parts of {app} import each other in a circle: {sorted(below.keys() - heights)}")
        heights |= {child: 1 + max((heights[other] for other in below[child]), default=-1) for child in ready}
    from_the_top = sorted(heights, key=lambda child: (-heights[child], child))
    return [list(row) for _height, row in groupby(from_the_top, heights.get)]


def _imports(graph, child, other):
    return graph.direct_import_exists(importer=child, imported=other, as_packages=True)


def purpose(module):
    """The first paragraph of a module's docstring; "" without one."""
    path = ROOT.joinpath(*module.split("."))
    file = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
    text = ast.get_docstring(ast.parse(file.read_text())) or ""
    return text.partition("\n\n")[0].replace("\n", " ")


def picture():
    """The picture of the code as it stands, as SVG text."""
    graph = grimp.build_graph(*APPS)
    parts, floors, top = [], [], MARGIN
    for app in APPS:
        rows = layers(graph, app)
        high = TITLE + ROW * len(rows)
        place = {"x": MARGIN, "y": top, "wide": WIDTH - 2 * MARGIN, "high": high}
        parts.append(FLOOR.format(**place, text_x=2 * MARGIN, text_y=top + 23, app=app))
        parts += [box for number, row in enumerate(rows) for box in _row(graph, row, top + TITLE + ROW * number)]
        floors.append((top, top + high))
        top += high + 2 * MARGIN
    parts += [ARROW.format(x=WIDTH / 2, y=bottom, end=start) for (_y, bottom), (start, _end) in pairwise(floors)]
    return "\n".join([HEAD.format(wide=WIDTH, high=top - MARGIN, style=STYLE), *parts, "</svg>", ""])


def _row(graph, row, top):
    wide = (WIDTH - 4 * MARGIN - GAP * (len(row) - 1)) / len(row)
    for place, module in enumerate(row):
        left, css = 2 * MARGIN + place * (wide + GAP), "box package" if graph.find_children(module) else "box"
        yield ROOM.format(
            purpose=html.escape(purpose(module)), css=css, x=left, y=top, wide=wide, high=BOX, middle=left + wide / 2,
            name=module.rpartition(".")[2], name_y=top + 22,
        )  # fmt: skip


if __name__ == "__main__":
    PICTURE.write_text(picture())
    sys.stdout.write(f"{PICTURE.relative_to(ROOT)} is drawn.\n")
