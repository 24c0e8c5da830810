"""Stories of tenants of the demo: renewals, moves, notice, incubation."""

from datetime import date, timedelta
from decimal import Decimal

from spaces.values.days import add_months
from tenants.actions import companies, handovers, incubation, leases
from tenants.demo import events, renting
from tenants.demo.stories import Story
from tenants.demo.world import Firm, World
from tenants.models import Handover, LeaseLine
from tenants.states import Criterion, LeaseIntent, TenureRule

READING = Decimal("5210.00")
MONTHS = TenureRule.months[TenureRule.GENERAL]


def stories(world: World) -> list[Story[None]]:
    clocks = [
        _incubated(world, world.tenant(code), left=left, end=end)
        for code, (left, end) in sorted(events.INCUBATED.items())
    ]
    return [
        _verified(world, world.tenant("HIT-01-A-502")),
        _wishes_to_renew(world.tenant("HIT-01-A-502"), "HIT-01-A-502"),
        _renewed(world, "HIT-01-A-605"),
        _relocated(world, "HIT-03-A-303", "HIT-03-A-304"),
        _leaving(world, world.tenant("HIT-01-A-303"), "HIT-01-A-303"),
        *clocks,
    ]


def _verified(world: World, firm: Firm) -> Story[None]:
    yield -75
    companies.verify(firm.company, by=world.manager)


def _wishes_to_renew(firm: Firm, code: str) -> Story[None]:
    on = yield -5
    leases.ask(renting.lease_of(code), intent=LeaseIntent.RENEW, note="希望续租两年, 面积不变。", by=firm.owner, on=on)


def _renewed(world: World, code: str) -> Story[None]:
    on = yield -6
    old = renting.lease_of(code)
    leases.renew(old, ends_on=add_months(old.ends_on, 24), signed_on=on, by=world.manager, on=on)


def _relocated(world: World, code: str, other: str) -> Story[None]:
    on = yield -12
    line = LeaseLine.objects.select_related("lease", "unit").get(unit__code=code)
    leases.relocate(line, world.units[other], by=world.manager, why="团队扩大, 企业申请调换。", on=on)


def _leaving(world: World, firm: Firm, code: str) -> Story[None]:
    """A tenant that gave notice; all items of the move-out but the keys are done."""
    on = yield -40
    ends_on, why = world.today + timedelta(days=3), "企业提出: 迁往自建厂房。"
    lease = leases.give_notice(renting.lease_of(code), ends_on=ends_on, by=world.manager, why=why, on=on)
    for place, item in enumerate(Handover.objects.get(lease=lease).items.order_by("place")):
        yield -20 + 2 * place
        if item.name != "钥匙与门禁卡交回":
            by = world.manager if item.owner == "park" else firm.owner
            handovers.complete(item, by=by, reading=READING if item.proof == "reading" else None)


def _incubated(world: World, firm: Firm, *, left: int, end: str) -> Story[None]:
    """Enter an incubation whose 48 months are over in `left` days."""
    yield -90
    since = entered_on(world.today, left)
    park = world.parks["HIT-01"]
    entered = incubation.enter(firm.company, park, entered_on=since, rule=TenureRule.GENERAL, by=None)
    if end == "graduated":
        on = yield -30
        incubation.graduate(entered, graduated_on=on, criterion=Criterion.HIGH_TECH, by=world.manager, on=on)
    elif end:
        yield -50 if end == "extended" else -7
        asked = incubation.ask_extension(entered, months=6, why="产品注册检验排队, 需延长孵化期。", by=firm.owner)
        if end == "extended":
            yield -44
            incubation.approve_extension(asked, by=world.manager)


def entered_on(today: date, left: int) -> date:
    """The day from which 48 months are over `left` days from today."""
    return add_months(today + timedelta(days=left), -MONTHS)
