"""Requirements of a search: those of a request, or those typed on the public page."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Self

from tenants.models import SpaceRequest
from tenants.models.requests import REQUEST_FEATURES


@dataclass(frozen=True, slots=True)
class Requirements:
    """Areas in m2. None, blank or empty means not required, with two exceptions: no `needed_by` means free
    today, no `months` a year."""

    use: str = ""
    area_min: Decimal | None = None
    area_max: Decimal | None = None
    height_m: Decimal | None = None
    load_kg_m2: int | None = None
    power_kw: int | None = None
    features: frozenset[str] = frozenset()
    needed_by: date | None = None
    months: int | None = None

    @classmethod
    def of(cls, wanted: SpaceRequest) -> Self:
        return cls(
            use=wanted.use,
            area_min=wanted.area_min,
            area_max=wanted.area_max,
            height_m=wanted.height_m,
            load_kg_m2=wanted.load_kg_m2,
            power_kw=wanted.power_kw,
            features=frozenset(name for name in REQUEST_FEATURES if getattr(wanted, name)),
            needed_by=wanted.needed_by,
            months=wanted.months,
        )
