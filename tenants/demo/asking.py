"""Requests of the demo, each from its draft to its present state. Days are counted from today."""

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any

from spaces.models import Unit
from spaces.states import ReviewStep
from spaces.values.days import add_months
from tenants.actions import handovers, leases, offers, requests
from tenants.asking.form_steps import FormStep
from tenants.demo import events
from tenants.demo.stories import Story
from tenants.demo.world import Firm, World
from tenants.models import Handover, HandoverItem, Lease, Offer, SpaceRequest
from tenants.states import Decision, RequestKind

RECEIVED, STEP = 2, 2  # days from the request to its first step, and from step to step
TERM = 24  # months
READING = Decimal("1024.50")
Room = tuple[str, int, int, int]  # use, requested area, smallest, largest


def stories(world: World) -> list[Story[None]]:
    """Stories for requests in every state, and a few more."""
    ours, neighbour = world.tenant("HIT-01-A-502"), world.tenant("HIT-01-A-302")
    new = [world.applicant(place) for place in range(10)]
    return [
        _draft(ours),
        _about_to_lapse(world, ours),
        _after_the_same_unit(world, neighbour),
        _submitted(world, new[0]),
        _returned(world, new[1]),
        _in_review(world, new[2]),
        _admitted_after_a_refusal(world, new[3]),
        _ahead_of_the_queue(world, new[4]),
        _accepted(world, new[5]),
        _moving_in(world, ours),
        _signed_and_gone(world, new[6]),
        _rejected(world, neighbour),
        _withdrawn(world, new[7]),
        _lapsed(world, new[8]),
        _unanswered(world, new[9]),
    ]


def _draft(firm: Firm) -> Story[None]:
    yield -3
    wanted = requests.begin(firm.company, by=firm.owner, use="lab", sample=True)
    yield -2
    requests.save(wanted, by=firm.owner, step="area", area=180, area_min=150, area_max=220, people=14)


def _about_to_lapse(world: World, firm: Firm) -> Story[None]:
    """Two companies request HIT-01-A-802: this one was offered it, and has not answered."""
    code = "HIT-01-A-802"
    held, left = events.HELD[code]
    wanted = yield from _admitted(
        world,
        firm,
        "HIT-01",
        ("office", 75, 60, 90),
        sent=-20,
        requested_units=[world.units[code]],
        kind=RequestKind.EXPANSION,
    )
    on = yield -15
    requests.say(wanted, "请问 802 的电费如何结算？", by=firm.owner, on=on)
    on = yield -14
    requests.say(wanted, "按表计量, 每月 5 日前结清。", by=world.manager, on=on)
    offer = yield from _offered(world, wanted, code, sent=-held, left=left, terms="含物业费, 首年租金不变。")
    on = yield -held + 2
    offers.ask_visit(offer, by=firm.owner, on=on)


def _after_the_same_unit(world: World, firm: Firm) -> Story[None]:
    requested_units = [world.units["HIT-01-A-802"]]
    wanted = yield from _sent(
        world,
        firm,
        "HIT-01",
        ("office", 75, 70, 100),
        sent=-12,
        requested_units=requested_units,
        kind=RequestKind.EXPANSION,
    )
    on = yield -10
    wanted = requests.receive(wanted, by=world.manager, on=on)
    yield -9
    requests.note(wanted, "与另一企业同时意向 802, 按登记先后处理。", by=world.manager)


def _submitted(world: World, firm: Firm) -> Story[None]:
    requested_units = [world.units["HIT-01-A-602"]]
    yield from _sent(world, firm, "HIT-01", ("office", 240, 200, 280), sent=-4, requested_units=requested_units)


def _returned(world: World, firm: Firm) -> Story[None]:
    wanted = yield from _sent(world, firm, "HIT-01", ("lab", 150, 120, 200), sent=-12, drainage=True, gas=True)
    comment = "请说明用气种类与用量, 并补充面积需求的依据。"
    yield from _decided(
        world,
        wanted,
        -8,
        step=ReviewStep.FIRST,
        decision=Decision.RETURNED,
        comment=comment,
        form_steps=[FormStep.SPACE, FormStep.CONDITIONS],
    )


def _in_review(world: World, firm: Firm) -> Story[None]:
    wanted = yield from _sent(world, firm, "HIT-02", ("office", 600, 500, 700), sent=-11)
    on = yield -9
    wanted = requests.receive(wanted, by=world.manager, on=on)
    yield from _decided(world, wanted, -7, step=ReviewStep.FIRST, decision=Decision.PASSED)


def _admitted_after_a_refusal(world: World, firm: Firm) -> Story[None]:
    """A request that declined one offer and waits for the next, first in the queue."""
    wanted = yield from _admitted(world, firm, "HIT-01", ("office", 150, 110, 230), sent=-40)
    offer = yield from _offered(world, wanted, "HIT-01-A-401", sent=-30, left=-16)
    on = yield -27
    offers.decline(offer, reason="层高与采光不合适, 希望在六层以上。", by=firm.owner, on=on)


def _ahead_of_the_queue(world: World, firm: Firm) -> Story[None]:
    code = "HIT-01-A-706"
    held, left = events.HELD[code]
    wanted = yield from _admitted(world, firm, "HIT-01", ("office", 190, 160, 220), sent=-16)
    why = "省重点项目, 设备 12 月到货; 排在前面的企业已同意等待 703。"
    yield from _offered(world, wanted, code, sent=-held, left=left, override=why, overridden=["queue"])


def _accepted(world: World, firm: Firm) -> Story[None]:
    code = "HIT-02-A-202"
    held, left = events.HELD[code]
    wanted = yield from _admitted(world, firm, "HIT-02", ("office", 1300, 1200, 1400), sent=-26)
    offer = yield from _offered(world, wanted, code, sent=-held, left=left)
    on = yield -4
    offers.accept(offer, by=firm.owner, on=on)


def _moving_in(world: World, firm: Firm) -> Story[None]:
    """A signed lease, the checklist half done, one item of the company overdue."""
    signed = -events.SIGNED["HIT-01-A-803"]
    room, kind = ("office", 520, 450, 560), RequestKind.EXPANSION
    wanted = yield from _admitted(world, firm, "HIT-01", room, sent=signed - 20, kind=kind)
    lease = yield from _signed(world, firm, wanted, "HIT-01-A-803", signed=signed, starts=0)
    done = {1: signed + 1, 2: signed + 4, 5: -3, 6: -2}  # place of the item: day
    handover = Handover.objects.get(lease=lease)
    for place, day in done.items():
        yield day
        item = HandoverItem.objects.get(handover=handover, place=place)
        by = world.manager if item.owner == "park" else firm.owner
        handovers.complete(item, by=by, reading=READING if item.proof == "reading" else None)


def _signed_and_gone(world: World, firm: Firm) -> Story[None]:
    signed = -events.SIGNED["HIT-01-A-504"]
    wanted = yield from _admitted(world, firm, "HIT-01", ("office", 96, 80, 110), sent=signed - 30)
    yield from _signed(world, firm, wanted, "HIT-01-A-504", signed=signed, starts=signed - 10)


def _rejected(world: World, firm: Firm) -> Story[None]:
    wanted = yield from _sent(
        world, firm, "HIT-01", ("pilot", 900, 800, 1000), sent=-33, kind=RequestKind.RELOCATION, load_kg_m2=2000
    )
    on = yield -31
    wanted = requests.receive(wanted, by=world.manager, on=on)
    reason = "本园没有 2000 kg/m² 的楼面, 建议联系加速器。"
    yield from _decided(world, wanted, -29, step=ReviewStep.FIRST, decision=Decision.REJECTED, comment=reason)


def _withdrawn(world: World, firm: Firm) -> Story[None]:
    wanted = yield from _sent(world, firm, "HIT-01", ("office", 110, 90, 130), sent=-18)
    on = yield -15
    requests.withdraw(wanted, by=firm.owner, why="已在学校内找到场地。", on=on)


def _lapsed(world: World, firm: Firm) -> Story[None]:
    wanted = yield from _sent(world, firm, "HIT-01", ("lab", 300, 250, 350), sent=-70)
    yield from _decided(
        world,
        wanted,
        -66,
        step=ReviewStep.FIRST,
        decision=Decision.RETURNED,
        comment="请补充环评类别。",
        form_steps=[FormStep.CONDITIONS],
    )
    yield -20
    requests.close(SpaceRequest.objects.get(pk=wanted.pk), by=world.manager, why="退回后 30 个工作日未答复。")


def _unanswered(world: World, firm: Firm) -> Story[None]:
    """An offer without an answer, which has lapsed by date."""
    code = "HIT-03-A-204"
    held, left = events.HELD[code]
    wanted = yield from _admitted(world, firm, "HIT-03", ("lab", 700, 600, 800), sent=-34)
    yield from _offered(world, wanted, code, sent=-held, left=left)


def _sent(
    world: World, firm: Firm, park: str, room: Room, *, sent: int, requested_units: Sequence[Unit] = (), **facts: Any
) -> Story[SpaceRequest]:
    use, area, smallest, largest = room
    yield sent - 1
    wanted = requests.begin(
        firm.company,
        by=firm.owner,
        park=world.parks[park],
        requested_units=requested_units,
        use=use,
        area=area,
        area_min=smallest,
        area_max=largest,
        people=max(3, area // 12),
        needed_by=world.today + timedelta(days=60),
        months=TERM,
        sample=True,
        **facts,
    )
    on = yield sent
    return requests.submit(wanted, by=firm.owner, on=on, declared=True)


def _admitted(world: World, firm: Firm, park: str, room: Room, *, sent: int, **facts: Any) -> Story[SpaceRequest]:
    wanted = yield from _sent(world, firm, park, room, sent=sent, **facts)
    on = yield sent + RECEIVED
    wanted = requests.receive(wanted, by=world.manager, on=on)
    for place, step in enumerate(world.parks[park].review_steps):
        day = sent + RECEIVED + STEP * (place + 1)
        wanted = yield from _decided(world, wanted, day, step=step, decision=Decision.PASSED)
    return wanted


def _decided(world: World, wanted: SpaceRequest, day: int, **facts: Any) -> Story[SpaceRequest]:
    on = yield day
    requests.review(wanted, by=world.manager, on=on, **facts)
    return SpaceRequest.objects.get(pk=wanted.pk)


def _offered(
    world: World, wanted: SpaceRequest, code: str, *, sent: int, left: int, starts: int | None = None, **terms: Any
) -> Story[Offer]:
    on = yield sent
    unit = world.units[code]
    starts_on = on if starts is None else world.today + timedelta(days=starts)
    return offers.send(
        wanted,
        [unit],
        starts_on=starts_on,
        ends_on=add_months(starts_on, TERM),
        held_until=world.today + timedelta(days=left),
        by=world.manager,
        on=on,
        rent_rate=unit.asking_rent,
        **terms,
    )


def _signed(world: World, firm: Firm, wanted: SpaceRequest, code: str, *, signed: int, starts: int) -> Story[Lease]:
    offer = yield from _offered(world, wanted, code, sent=signed - 10, left=signed + 5, starts=starts)
    on = yield signed - 6
    lease = offers.accept(offer, by=firm.owner, on=on)
    on = yield signed
    lease = leases.sign(lease, signed_on=on, by=world.manager, on=on)
    return lease
