"""Meaning of the columns of a list of rooms, by their headers in both languages; an unclear one is asked about."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from spaces.importing.questions import question
from spaces.importing.sheets import CellValue, Worksheet, cell_name
from spaces.values.area_units import UNITS, AreaUnit, joined, split_header
from spaces.values.plain_text import shown

HEADER_WITHIN = 20  # first lines of a file that are searched for the header


class Kind(Enum):
    CODE = auto()
    FLOOR = auto()
    LEVEL = auto()
    USE = auto()
    AREA = auto()
    HEIGHT_M = auto()
    HEIGHT_MM = auto()
    COUNT = auto()
    NUMBER = auto()
    DAY = auto()
    FLAG = auto()
    SOURCE = auto()
    TEXT = auto()


# field -> parser of its cells, and the headers that mean this field only
FIELDS: dict[str, tuple[Kind, str]] = {
    "unit": (Kind.CODE, ("unit, unit code, unit number, room, room code, room number, suite, name, "
             "room nbr, rmnbr, 房号, 房间号, 房间编号, 房间, 单元, 单元号, 单元编号, 工位号, 门牌号, 室号")),
    "label": (Kind.TEXT, "label, door label, door sign, 门上标识, 门牌, 房间标牌"),
    "building": (Kind.CODE, "building, building code, block, 楼栋, 楼栋号, 楼宇, 楼座, 楼号, 栋号, 幢号, 座号"),
    "floor": (Kind.FLOOR, "floor, floor name, storey, 楼层, 所在楼层, 所在层, 楼层号"),
    "level": (Kind.LEVEL, "level, level number, 层号"),
    "use": (Kind.USE, "use, usage, category, 用途, 用途类别, 房间用途, 使用性质, 功能"),
    "usable_area": (Kind.AREA, "usable area, net area, net usable area, 使用面积, 套内使用面积, 净面积, 实用面积"),
    "gross_area": (Kind.AREA, "gross area, gross floor area, 建筑面积, 产权面积"),
    "height_m": (Kind.HEIGHT_M, "height m, height (m), 层高(m), 层高(米), 净高(m), 净高(米), 高度(m), 高度(米)"),
    "height_mm": (Kind.HEIGHT_MM, "height mm, height (mm), 层高(mm), 层高(毫米), 净高(mm), 净高(毫米), 高度(mm)"),
    "load_kg_m2": (Kind.COUNT, ("load kg m2, load (kg/m2), floor loading (kg/m2), 荷载(kg/m2), 楼面荷载(kg/m2), "
                   "承重(kg/m2), 荷载(公斤/平方米), 承重(公斤/平方米)")),
    "power_kw": (Kind.COUNT, "power kw, power (kw), 电力(kw), 配电(kw), 用电负荷(kw), 电力(千瓦), 配电(千瓦)"),
    "asking_rent": (Kind.NUMBER, ("asking rent, asking rent (yuan/m2/day), 租金(元/m2/天), 租金(元/m2/日), "
                    "租金(元/m2·天), 租金(元/平方米/天), 日租金(元/m2)")),
    "opens_on": (Kind.DAY, "opens on, exists from, 启用日期, 投用日期, 投入使用日期"),
    "area_on": (Kind.DAY, "area on, measured on, 测绘日期, 测量日期"),
    "area_source": (Kind.SOURCE, "area source, 面积来源"),
    "area_standard": (Kind.TEXT, "area standard, 面积标准, 测绘标准"),
    "water": (Kind.FLAG, "water, 供水, 给水, 上水"),
    "drainage": (Kind.FLAG, "drainage, 排水, 下水"),
    "gas": (Kind.FLAG, "gas, 燃气"),
    "ventilation": (Kind.FLAG, "ventilation, 通风, 新风"),
    "freight_lift": (Kind.FLAG, "freight lift, goods lift, 货梯"),
    "network": (Kind.FLAG, "network, 网络, 宽带"),
    "fitted": (Kind.FLAG, "fitted, fitted out, 已装修, 精装修"),
    "published": (Kind.FLAG, "published, published when vacant, 公开, 空置时公开"),
    "note": (Kind.TEXT, "note, notes, remarks, description, 备注, 说明"),
}  # fmt: skip
# ambiguous headers -> the fields that they may mean
ASKED: dict[tuple[str, ...], str] = {
    (
        "usable_area",
        "gross_area",
    ): "area, rentable area, rentable square feet, building rentable square feet, "
    "rmsqrft, 面积, 房间面积, 单元面积, 套内面积, 套内建筑面积, 计租面积, 租赁面积, 可租面积, 房屋面积",
    ("height_m", "height_mm"): "height, usable height, clear height, 层高, 净高, 高度",
    ("load_kg_m2",): "load, floor load, floor loading, 荷载, 楼面荷载, 承重",
    ("power_kw",): "power, 电力, 配电, 电量, 用电负荷, 供电",
    ("asking_rent",): "rent, 租金, 挂牌租金, 租金单价, 单价",
}
IN_BRACKETS = re.compile(r"(.+?)[(\[](.+)[)\]]")


@dataclass(frozen=True, slots=True)
class Columns:
    """`header`: index of the header row; `found`: field -> column; `left_out`: headers that are not imported."""

    header: int
    titles: list[str]
    found: dict[str, int]
    left_out: list[str]


def _words(listed: str) -> list[str]:
    return [joined(word) for word in listed.split(", ")]


MEANS = {word: field for field, (_kind, listed) in FIELDS.items() for word in _words(listed)}
MAY_MEAN = {word: fields for fields, listed in ASKED.items() for word in _words(listed)}
MAY_MEAN |= dict.fromkeys(UNITS, MAY_MEAN["area"])  # "Sqft" over a column of areas
AREAS = {word for word, field in MEANS.items() if FIELDS[field][0] is Kind.AREA}
AREAS |= {word for word, fields in MAY_MEAN.items() if FIELDS[fields[0]][0] is Kind.AREA}


def folded(title: object) -> str:
    """Normal form of a header; that of an area without its unit."""
    word, _unit = split_header(title)
    return word if word in AREAS else joined(title)


def find_columns(
    sheet: Worksheet,
    *,
    mapped: Mapping[str, str],
    ignored: Sequence[str],
    square_feet: bool,
    floor_elsewhere: bool = False,
) -> Columns:
    """The header row and what each column means.

    `mapped`: field -> header, before any other rule; `ignored`: headers to leave out; `floor_elsewhere`: the floor
    is known without a column. Raises ValidationError with the codes header, map, twice, basis, unit_area, missing.
    """
    if strange := mapped.keys() - FIELDS.keys():
        message = _("There is no field “%(names)s”. There are: %(fields)s.")
        raise question("map", message, names=shown(", ".join(sorted(strange))), fields=", ".join(FIELDS))
    wanted = {folded(title) for title in [*mapped.values(), *ignored]}
    header = _header_row(sheet.rows, wanted)
    titles = [str(cell) if isinstance(cell, str) else "" for cell in sheet.rows[header]]
    known = [folded(title) for title in titles]
    _check_wanted([*mapped.values(), *ignored], titles)
    left = {folded(title) for title in ignored}
    fields = {folded(title): field for field, title in mapped.items()}
    meant: dict[str, list[int]] = {}
    for column, word in enumerate(known):
        field = fields.get(word) or ("" if word in left else MEANS.get(word, ""))
        if field and not (field in mapped and word not in fields):
            meant.setdefault(field, []).append(column)
    taken = {column for columns in meant.values() for column in columns}
    open_questions = [
        (titles[column], MAY_MEAN[word])
        for column, word in enumerate(known)
        if word in MAY_MEAN and column not in taken and word not in left
    ]
    found = {field: columns[0] for field, columns in meant.items()}
    _check_meaning(meant, titles, open_questions, floor_elsewhere=floor_elsewhere)
    _check_units(titles, found, left, square_feet=square_feet)
    return Columns(header, titles, found, [t for c, t in enumerate(titles) if t and c not in found.values()])


def _header_row(rows: Sequence[Sequence[CellValue]], wanted: set[str]) -> int:
    """Index of the first line with the most known headers, at least two."""
    best, most = 0, 0
    for number, row in enumerate(rows[:HEADER_WITHIN]):
        titles = {folded(cell) for cell in row if isinstance(cell, str) and cell.strip()}
        count = len(titles & (MEANS.keys() | MAY_MEAN.keys() | wanted))
        if count > most:
            best, most = number, count
    if most < 2:  # noqa: PLR2004 one word alone may stand in any title
        message = _("No header was found in the first %(count)s rows. Name the columns, for example 房号, 楼层, 用途, "
                  "使用面积.")  # fmt: skip
        raise question("header", message, count=HEADER_WITHIN)
    return best


def _check_wanted(wanted: Sequence[str], titles: Sequence[str]) -> None:
    known = [folded(title) for title in titles]
    asked = [folded(title) for title in wanted]
    for title in wanted:
        if known.count(folded(title)) != 1 or asked.count(folded(title)) != 1:
            message = _("“%(title)s” must be the header of one column, and named once. The headers are: %(titles)s.")
            raise question(
                "map", message, title=shown(title), titles=", ".join(shown(each) for each in titles if each)
            )


def _check_meaning(
    meant: Mapping[str, Sequence[int]],
    titles: Sequence[str],
    asked: Sequence[tuple[str, tuple[str, ...]]],
    *,
    floor_elsewhere: bool,
) -> None:
    errors = []
    for title, fields in asked:
        message = _("The column “%(title)s” does not state its basis or unit.")
        errors.append(question("basis", message, title=shown(title), fields=fields))
    for field, columns in meant.items():
        if len(columns) > 1:
            message = _("Several columns mean “%(field)s”: %(titles)s.")
            named = [f"{cell_name(0, column)[:-1]} “{shown(titles[column])}”" for column in columns]
            errors.append(question("twice", message, field=field, titles=", ".join(named)))
    if not ({"floor", "level"} & meant.keys() or floor_elsewhere):
        errors.append(question("missing", _("No column names the floor."), ask="no_floor"))
    if "unit" not in meant:
        errors.append(question("missing", _("No column names the unit."), ask="no_unit"))
    if {"height_m", "height_mm"} <= meant.keys():
        errors.append(question("twice", _("Two columns give the height."), ask="two_heights"))
    if errors:
        raise ValidationError(errors)


def _check_units(titles: Sequence[str], found: Mapping[str, int], left: Collection[str], *, square_feet: bool) -> None:
    """Check that the unit of area in a header is known and is the expected one."""
    wanted = AreaUnit.FT2 if square_feet else AreaUnit.M2
    for title in (titles[column] for field, column in found.items() if FIELDS[field][0] is Kind.AREA):
        _word, unit = split_header(title)
        if unit is AreaUnit.FT2 and not square_feet:
            message = _("The column “%(title)s” is in square feet.")
            raise question("unit_area", message, title=shown(title))
        if unit and unit is not wanted:
            message = _("The column “%(title)s” is in m², and square feet were said for the whole file.")
            raise question("unit_area", message, ask="unit_twice", title=shown(title))
    for column, title in enumerate(titles):
        known = IN_BRACKETS.fullmatch(joined(title))
        if known and known[1] in AREAS and column not in found.values() and folded(title) not in left:
            message = _("The column “%(title)s” is an area in “%(unit)s”, which is not understood.")
            raise question("unit_area", message, ask="unit_unknown", title=shown(title), unit=shown(known[2]))
