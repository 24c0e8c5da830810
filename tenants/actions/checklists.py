"""Default checklists, for parks without a template; items as in published forms of parks."""

from tenants.models import TemplateItem
from tenants.states import HandoverKind, ItemOwner, Proof

# Name, English name, owner, proof, days until it is due.
ITEMS = {
    HandoverKind.MOVE_IN: (
        ("签订租赁合同", "Lease signed on paper", ItemOwner.PARK, Proof.TICK, 3),
        ("缴纳押金", "Deposit paid", ItemOwner.COMPANY, Proof.TICK, 7),
        ("消防安全承诺书", "Fire safety pledge", ItemOwner.COMPANY, Proof.TICK, 10),
        ("装修方案审批", "Fit-out plan approved", ItemOwner.PARK, Proof.TICK, 14),
        ("电表读数", "Electricity meter", ItemOwner.PARK, Proof.READING, 14),
        ("水表读数", "Water meter", ItemOwner.PARK, Proof.READING, 14),
        ("现场查验", "Walk through the unit together", ItemOwner.PARK, Proof.TICK, 14),
        ("钥匙与门禁卡", "Keys and access cards", ItemOwner.PARK, Proof.TICK, 14),
    ),
    HandoverKind.MOVE_OUT: (
        ("费用结清", "All fees paid", ItemOwner.COMPANY, Proof.TICK, 10),
        ("注册地址迁出", "Registered address moved out", ItemOwner.COMPANY, Proof.TICK, 30),
        ("现场恢复", "Unit restored", ItemOwner.COMPANY, Proof.TICK, 14),
        ("电表读数", "Electricity meter", ItemOwner.PARK, Proof.READING, 14),
        ("水表读数", "Water meter", ItemOwner.PARK, Proof.READING, 14),
        ("现场查验", "Walk through the unit together", ItemOwner.PARK, Proof.TICK, 14),
        ("钥匙与门禁卡交回", "Keys and access cards returned", ItemOwner.COMPANY, Proof.TICK, 14),
        ("押金退还", "Deposit settled", ItemOwner.PARK, Proof.TICK, 30),
    ),
}


def default_items(kind: str) -> list[TemplateItem]:
    """The default items of a kind as unsaved rows, in their order."""
    return [
        TemplateItem(kind=kind, name=name, name_en=name_en, owner=owner, proof=proof, due_days=due_days)
        for name, name_en, owner, proof, due_days in ITEMS[HandoverKind(kind)]
    ]
