"""Tables of the demo province: published facts, and invented names.

The seven ecosystems and the figures are public (docs/definitions.md, "What is published and what is sample").
Every incubator is invented; its name says so.
"""

from datetime import date
from decimal import Decimal

DAY = date(2024, 10, 31)  # the day of the published figures
BEGIN = date(2021, 1, 1)  # the register begins
INCUBATORS, LETTABLE_AREA = 56, Decimal("487100.00")
NEW_INCUBATORS, NEW_LETTABLE_AREA = 8, Decimal("92700.00")
PLANNED = Decimal("250000.00")
STAR_VALLEY = Decimal("9000.00")

HARBIN, DAQING, QIQIHAR, JIAMUSI = (
    ("哈尔滨", "Harbin"), ("大庆", "Daqing"), ("齐齐哈尔", "Qiqihar"), ("佳木斯", "Jiamusi"),
)  # fmt: skip
TRANSFER_OFFICE = "推断 (依据较好): 2024年11月报道提及该校成果转化部门"
LIST_INFERRED = "七个的名单整体为推断 / the list of seven as a whole is inferred"

# short name: name, English name, anchor, anchor in English, city, source, whether inferred
ECOSYSTEMS = {
    "hit": (
        "哈工大生态圈", "HIT ecosystem", "哈尔滨工业大学", "Harbin Institute of Technology", HARBIN,
        f"2024年11月报道与科技日报2025年1月均点名; {LIST_INFERRED}", False,
    ),
    "heu": (
        "哈工程生态圈", "HEU ecosystem", "哈尔滨工程大学", "Harbin Engineering University", HARBIN,
        f"2024年11月报道与科技日报2025年1月均点名; {LIST_INFERRED}", False,
    ),
    "hvri": (
        "哈兽研生态圈", "HVRI ecosystem", "中国农业科学院哈尔滨兽医研究所",
        "Harbin Veterinary Research Institute, CAAS", HARBIN,
        f"2024年11月报道: 哈尔滨兽医研究所创新创业生态圈; {LIST_INFERRED}", False,
    ),
    "nepu": (
        "东北石油大学生态圈", "NEPU ecosystem", "东北石油大学", "Northeast Petroleum University", DAQING,
        f"东北石油大学新闻网2023-08-26: 环东北石油大学创新创业生态圈; {LIST_INFERRED}", False,
    ),
    "qqhru": (
        "齐齐哈尔大学生态圈", "Qiqihar University ecosystem", "齐齐哈尔大学", "Qiqihar University", QIQIHAR,
        f"{TRANSFER_OFFICE}; 科技日报称其参与建设生态圈 / inferred, good evidence", True,
    ),
    "usth": (
        "黑龙江科技大学生态圈", "USTH ecosystem", "黑龙江科技大学",
        "Heilongjiang University of Science and Technology", HARBIN,
        f"{TRANSFER_OFFICE}; 科技日报列出其重点项目 / inferred, good evidence", True,
    ),
    "jmsu": (
        "佳木斯大学生态圈", "Jiamusi University ecosystem", "佳木斯大学", "Jiamusi University", JIAMUSI,
        "推断 (依据一般): 仅见于2024年11月报道中一句 / inferred, fair evidence: one sentence of the report", True,
    ),
}  # fmt: skip

# The invented incubators of each ecosystem; HIT-01, the sample park, comes before the first.
WORDS = {
    "hit": (
        "丁香 Lilac|白桦 Birch|云杉 Spruce|红松 Red Pine|落叶松 Larch|水曲柳 Ash|"
        "山杨 Aspen|椴树 Linden|榆树 Elm|银杏 Ginkgo|胡杨 Poplar"
    ),
    "heu": (
        "海鸥 Gull|灯塔 Lighthouse|白帆 White Sail|潮汐 Tide|珊瑚 Coral|"
        "海星 Starfish|港湾 Harbour|船锚 Anchor|罗盘 Compass|浪花 Wave"
    ),
    "hvri": "驯鹿 Reindeer|白鹤 Crane|雪兔 Snow Hare|白鹳 Stork|松鼠 Squirrel|骏马 Steed|天鹅 Swan",
    "nepu": "琥珀 Amber|石英 Quartz|玛瑙 Agate|玄武岩 Basalt|花岗岩 Granite|云母 Mica|翡翠 Jade|水晶 Crystal",
    "qqhru": "芦苇 Reed|荷花 Lotus|菖蒲 Calamus|香蒲 Cattail|睡莲 Water Lily|浮萍 Duckweed|鸢尾 Iris",
    "usth": "石墨 Graphite|晨光 Dawn|炉火 Hearth|矿灯 Lantern|青铜 Bronze|铁砧 Anvil",
    "jmsu": "稻香 Rice|麦浪 Wheat|黑土 Black Soil|大豆 Soybean|高粱 Sorghum|向日葵 Sunflower",
}

# Newly opened in 2024: which ones, when and how large is sample data; that the 56 include them is assumed.
NEW = {
    "HIT-12": (date(2024, 3, 18), Decimal("21500.00")),
    "HEU-10": (date(2024, 4, 26), Decimal("16800.00")),
    "HVRI-07": (date(2024, 5, 20), Decimal("13400.00")),
    "NEPU-08": (date(2024, 6, 12), Decimal("11200.00")),
    "QQHRU-07": (date(2024, 2, 28), Decimal("9600.00")),
    "USTH-06": (date(2024, 7, 15), Decimal("8300.00")),
    "JMSU-06": (date(2024, 8, 8), Decimal("6900.00")),
    "HEU-09": (date(2024, 9, 10), Decimal("5000.00")),
}
DECLARER, DECLARED, DECLARER_LETTABLE_AREA = "HIT-02", Decimal("18300.00"), Decimal("18142.50")
DESKS, DESKS_LETTABLE_AREA = "HEU-06", Decimal("640.00")
# Units without a recorded area: 37 in all.
UNRECORDED = {
    "JMSU-05": 6,
    "HEU-04": 5,
    "NEPU-03": 5,
    "USTH-02": 5,
    "QQHRU-05": 4,
    "HIT-07": 4,
    "HVRI-02": 4,
    "JMSU-04": 2,
    "NEPU-06": 2,
}
