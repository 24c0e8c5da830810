"""The published figures S01 to S18, character for character, one declared figure, and sample indicators."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from spaces.models import Ecosystem, Indicator, Park, PublishedFigure
from spaces.models.figures import FigureUnit, Measure
from spaces.values.days import add_months
from tenants.demo.facts import DAY, DECLARED, DECLARER
from tenants.demo.sample_units import shares

SOURCE = "黑龙江省人民政府网2024年11月5日转载 (记者 刘万才、彭溢)"
ADDRESS = "www.hlj.gov.cn/hlj/c107857/202411/c00_31781823.shtml"
COUNT, AREA, MONEY, PERCENT = FigureUnit.COUNT, FigureUnit.AREA, FigureUnit.MONEY, FigureUnit.PERCENT
NEW_INSIDE = (
    "是否计入56家未说明, 计入其内是本系统的理解 / "
    "not stated whether inside the 56: that the 8 lie inside is our reading"
)
CAPACITY = "是容量, 不是空置; 计量口径未说明 / capacity, not vacancy; measuring basis not stated"

# code: measure, title, English title, text as printed, qualifier, number, unit, scope (short name or park code), note
FIGURES = {
    "S01": (
        Measure.ECOSYSTEMS, "首批环大学大院大所创新创业生态圈", "First-batch ecosystems",
        "7个", "", 7, COUNT, "", "名单未列出 / the article does not list the seven",
    ),
    "S02": (
        Measure.OTHER, "累计新生成企业", "Companies newly generated since January",
        "81家", "累计", 81, COUNT, "", "新生成, 不等于入驻 / generated, not resident",
    ),
    "S03": (
        Measure.OTHER, "战略性新兴产业和未来产业占比", "Share of S02 in strategic emerging and future industries",
        "九成以上", "以上", 90, PERCENT, "", "下限: 81家中至少73家 / lower bound: at least 73 of 81",
    ),
    "S04": (
        Measure.OTHER, "培育重点团队项目", "Key team projects nurtured",
        "150余项", "余", 150, COUNT, "", "开口数 / open-ended",
    ),
    "S05": (
        Measure.OTHER, "向省内转移转化技术成果", "Results transferred inside the province",
        "159项", "", 159, COUNT, "", "",
    ),
    "S06": (
        Measure.OTHER, "转化成果合同金额", "Contract value of S05",
        "2.64亿元", "", 264_000_000, MONEY, "", "",
    ),
    "S07": (
        Measure.INCUBATORS, "可用孵化载体", "Incubators available for use",
        "56家", "目前", 56, COUNT, "", "未分列 / not broken down",
    ),
    "S08": (
        Measure.LETTABLE_AREA, "可用面积", "Usable area of the incubators",
        "48.71万平方米", "目前", 487_100, AREA, "", CAPACITY,
    ),
    "S09": (
        Measure.NEW_INCUBATORS, "新辟建孵化载体", "Newly opened incubators",
        "8个", "", 8, COUNT, "", NEW_INSIDE,
    ),
    "S10": (
        Measure.NEW_LETTABLE_AREA, "新辟建载体可用面积", "Usable area of newly opened incubators",
        "9.27万平方米", "", 92_700, AREA, "", NEW_INSIDE,
    ),
    "S11": (
        Measure.OTHER, "哈兽研生态圈转化成果", "Results transferred, HVRI ecosystem",
        "22项", "", 22, COUNT, "hvri", "其中数, 属S05 / part of S05",
    ),
    "S12": (
        Measure.OTHER, "哈兽研生态圈合同金额", "Contract value, HVRI ecosystem",
        "1.84亿元", "", 184_000_000, MONEY, "hvri", "属S06 / part of S06",
    ),
    "S13": (
        Measure.PLANNED_AREA, "“一岛一园”规划建设规模", "One Island, One Park: planned scale",
        "25万平方米", "", 250_000, AREA, "", "= S14 + S16; 不与孵化载体相加 / never added to the incubators",
    ),
    "S14": (
        Measure.PLANNED_AREA, "航天科技园规划面积", "Space Tech Park: planned area",
        "10万平方米", "", 100_000, AREA, "STP", "规划, 非建成 / planned, not completed",
    ),
    "S15": (
        Measure.FITOUT_AREA, "“中国星谷”一期", "China Star Valley, phase I",
        "9000平方米", "", 9_000, AREA, "STP", "正在装修 / in fit-out",
    ),
    "S16": (
        Measure.PLANNED_AREA, "智能机器人岛规划面积", "Smart Robot Island: planned area",
        "15万平方米", "", 150_000, AREA, "SRI", "已完成项目落地 / project landed",
    ),
    "S17": (
        Measure.OTHER, "中国星谷一期计划入驻企业(项目)", "Projects planned to move into Star Valley, phase I",
        "6个", "", 6, COUNT, "STP", "工大卫星、超宽卫星、航天驭星、青鸾火箭等 / four of the six are named",
    ),
    "S18": (
        Measure.OTHER, "中国星谷一期空间", "Star Valley, phase I: space already full",
        "已全满", "", 100, PERCENT, "STP", "已签约, 未入驻 / committed, not occupied: still in fit-out",
    ),
}  # fmt: skip

# Reports of the seven for January to October 2024: sample, but the sums are the published S02, S05, S06, S11 and S12.
REPORTED = {
    Indicator.Key.NEW_COMPANIES: [24, 17, 12, 9, 7, 6, 6],
    Indicator.Key.TRANSFERS: [52, 38, 22, 18, 11, 10, 8],
    Indicator.Key.CONTRACT_VALUE: [31_000_000, 22_400_000, 184_000_000, 12_600_000, 6_200_000, 4_700_000, 3_100_000],
}
MONTHS = [date(2024, month, 1) for month in range(1, 11)]
PACE = [3, 2, 5, 6, 8, 7, 9, 10, 12, 11]  # shares of the ten months


def published(ecosystems: dict[str, Ecosystem], parks: dict[str, Park]) -> Iterator[PublishedFigure]:
    for code, (measure, title, title_en, text, qualifier, number, unit, scope, note) in FIGURES.items():
        yield PublishedFigure(
            code=code,
            measure=measure,
            title=title,
            title_en=title_en,
            text=text,
            qualifier=qualifier,
            number=Decimal(number),
            unit=unit,
            ecosystem=ecosystems.get(scope),
            park=parks.get(scope),
            as_of=DAY,
            as_of_text="2024年10月",
            source_title=SOURCE,
            source_address=ADDRESS,
            published_on=date(2024, 11, 5),
            note=note,
        )


def declared(parks: dict[str, Park]) -> PublishedFigure:
    """The figure of a park that declares more than its units sum to; the difference is on its third floor."""
    return PublishedFigure(
        code="D-HIT-02",
        measure=Measure.LETTABLE_AREA,
        title="申报可用面积",
        title_en="Declared usable area",
        text="18300平方米",
        number=DECLARED,
        unit=AREA,
        park=parks[DECLARER],
        as_of=DAY,
        as_of_text="2024-10-31",
        source_title="示例·申报表 / sample: the park's own declaration",
        published_on=date(2024, 11, 12),
        declared=True,
        note="示例数据: 与单元合计相差157.50㎡ / sample: the units sum to 157.50 m² less",
    )


def indicators(ecosystems: dict[str, Ecosystem], today: date) -> Iterator[Indicator]:
    """Indicators of ten months of 2024 and the last five full months; one ecosystem lacks the newest."""
    for key, numbers in REPORTED.items():
        for ecosystem, number in zip(ecosystems.values(), numbers, strict=True):
            for month, value in zip(MONTHS, shares(Decimal(number), PACE, Decimal(1)), strict=True):
                yield Indicator(ecosystem=ecosystem, month=month, key=key, value=value, sample=True)
    newest = add_months(today.replace(day=1), -1)
    for back in range(5):
        for place, ecosystem in enumerate(ecosystems.values()):
            if (back, ecosystem.code) != (0, "usth"):
                yield from _month(ecosystem, add_months(newest, -back), place, back)


def _month(ecosystem: Ecosystem, month: date, place: int, back: int) -> Iterator[Indicator]:
    values = {
        Indicator.Key.NEW_COMPANIES: 4 - place // 2 + (back + place) % 2,
        Indicator.Key.KEY_PROJECTS: 5 - place // 2 + back % 2,
        Indicator.Key.TRANSFERS: 8 - place + (2 * back + place) % 3,
        Indicator.Key.CONTRACT_VALUE: (9 - place) * 450_000 + (back * 7 + place * 3) % 5 * 80_000,
    }
    for key, value in values.items():
        yield Indicator(ecosystem=ecosystem, month=month, key=key, value=Decimal(value), sample=True)
