"""The 13 prefectures of Heilongjiang as equal tiles, about where they lie: a scheme and no map."""

from decimal import Decimal

# City as parks have it -> its English name and its place in five rows of five, from the north-west.
TILES = {
    "大兴安岭": ("Daxing'anling", 1, 2),
    "黑河": ("Heihe", 2, 2), "伊春": ("Yichun", 2, 3), "鹤岗": ("Hegang", 2, 4),
    "齐齐哈尔": ("Qiqihar", 3, 1), "绥化": ("Suihua", 3, 2), "哈尔滨": ("Harbin", 3, 3), "佳木斯": ("Jiamusi", 3, 4),
    "双鸭山": ("Shuangyashan", 3, 5),
    "大庆": ("Daqing", 4, 1), "牡丹江": ("Mudanjiang", 4, 3), "七台河": ("Qitaihe", 4, 4), "鸡西": ("Jixi", 4, 5),
}  # fmt: skip
BOUNDS = (Decimal("0.4"), Decimal("0.6"), Decimal("0.8"), Decimal("0.95"))  # of the steps of occupancy


def tiles(rows, english):
    """The tiles with the rows of cities that have parks; [] where no row is of a prefecture.

    Of each its name, its place in the grid, the row or None, and the `step` of its occupancy (1 to 5; None: no rate).
    """
    of_city = {row["key"].removesuffix("市"): row for row in rows if row["key"]}
    if not of_city.keys() & TILES.keys():
        return []
    return [_tile(name, english, of_city.get(name)) for name in TILES]


def _tile(name, english, row):
    in_english, line, column = TILES[name]
    rate = row and row["balance"].rate_occupied
    step = None if rate is None else 1 + sum(rate >= bound for bound in BOUNDS)
    return {"name": in_english if english else name, "line": line, "column": column, "row": row, "step": step}
