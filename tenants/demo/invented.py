"""Invented companies. Each name contains 示例, so that none is that of a real company."""

from datetime import date, timedelta
from random import Random

from tenants.credit_codes import check_character, organisation_check
from tenants.demo.facts import BEGIN
from tenants.models import Company

WORDS = [
    "晨星 Chenxing", "云帆 Yunfan", "松涛 Songtao", "雪原 Xueyuan", "北斗 Beidou",
    "青禾 Qinghe", "远山 Yuanshan", "长河 Changhe", "朝阳 Zhaoyang", "明月 Mingyue",
    "春雨 Chunyu", "秋实 Qiushi", "冬青 Dongqing", "夏荷 Xiahe", "金穗 Jinsui",
    "银河 Yinhe", "碧波 Bibo", "赤霞 Chixia", "紫藤 Ziteng", "白露 Bailu",
    "惊蛰 Jingzhe", "谷雨 Guyu", "立冬 Lidong", "小满 Xiaoman", "飞燕 Feiyan",
    "鸿雁 Hongyan", "云雀 Yunque", "青松 Qingsong", "翠竹 Cuizhu", "寒梅 Hanmei",
    "兰草 Lancao", "山菊 Shanju", "行舟 Xingzhou", "扬波 Yangbo", "凌云 Lingyun",
    "致远 Zhiyuan", "知行 Zhixing", "博雅 Boya", "格物 Gewu", "日新 Rixin",
]  # fmt: skip
# Part of the name, in English, industry.
FIELDS = [
    ("生物", "Biotech", "生物医药"), ("智能", "Intelligence", "人工智能"), ("新材", "Materials", "新材料"),
    ("测控", "Instruments", "高端装备"), ("环境", "Environment", "节能环保"), ("农业", "Agriculture", "现代农业"),
    ("信息", "Information", "信息技术"), ("医疗", "Medical", "医疗器械"), ("能源", "Energy", "新能源"),
    ("航天", "Aerospace", "航空航天"), ("机器人", "Robotics", "高端装备"), ("光电", "Photonics", "电子信息"),
    ("软件", "Software", "信息技术"), ("检测", "Testing", "科技服务"), ("化工", "Chemicals", "新材料"),
    ("动力", "Power", "高端装备"), ("食品", "Food", "现代农业"), ("疫苗", "Vaccines", "生物医药"),
    ("传感", "Sensors", "电子信息"), ("数据", "Data", "信息技术"), ("设计", "Design", "文化创意"),
    ("石墨", "Graphite", "新材料"), ("冰雪", "Ice and Snow", "寒地经济"), ("船海", "Marine", "海洋装备"),
]  # fmt: skip
TEAMS, SMALL, HIGH_TECH = 0.05, 0.6, 0.2  # of them: no credit code yet, technology SMEs, high-tech enterprises
REGIONS = {"哈尔滨": "230109", "大庆": "230602", "齐齐哈尔": "230202", "佳木斯": "230803"}
ORGANISATION = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def company(number: int, city: str, today: date) -> Company:
    """The n-th of 960 companies, not written yet, the same on every machine."""
    word, word_en = WORDS[number % len(WORDS)].split(" ")
    field, field_en, industry = FIELDS[(number // len(WORDS) + number) % len(FIELDS)]
    rng = Random(f"company {number}")  # noqa: S311 made up
    team = rng.random() < TEAMS
    established = BEGIN + timedelta(days=rng.randint(-900, 900))
    return Company(
        uscc=None if team else made_up_code(rng, REGIONS[city]),
        registers_by=today + timedelta(days=rng.randint(40, 160)) if team else None,
        name=f"示例{word}{field}团队" if team else f"示例{word}{field}有限公司",
        name_en=f"Sample {word_en} {field_en}" + (" Team" if team else " Co., Ltd."),
        established_on=None if team else established,
        industry=industry,
        tech_sme=rng.random() < SMALL,
        high_tech=rng.random() < HIGH_TECH,
        contact_name="示例联系人",
        contact_phone=f"000-{number:08}",
        sample=True,
    )


def made_up_code(rng: Random, region: str) -> str:
    """An invented credit code, valid under GB 32100 and GB 11714; it may coincide with a real one."""
    organisation = "MA" + "".join(rng.choice(ORGANISATION) for _ in range(6))
    first17 = f"91{region}{organisation}{organisation_check(organisation)}"
    return first17 + check_character(first17)
