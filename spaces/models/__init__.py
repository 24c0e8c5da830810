from spaces.models.allocations import Allocation
from spaces.models.changes import Change
from spaces.models.drawings import Drawing
from spaces.models.ecosystems import Ecosystem
from spaces.models.figures import Indicator, PublishedFigure
from spaces.models.floorplans import Adjacency, FloorPlan, UnitShape
from spaces.models.mail import Mail
from spaces.models.month_ledger import CountedUnit, DaySum, LedgerDelta, MonthLedger, MonthOpening
from spaces.models.park_periods import ParkPeriod
from spaces.models.people import Assignment, User
from spaces.models.places import Building, Floor, Park
from spaces.models.throttle import Throttle
from spaces.models.unit_periods import UnitPeriod
from spaces.models.units import Unit

__all__ = [
    "Adjacency",
    "Allocation",
    "Assignment",
    "Building",
    "Change",
    "CountedUnit",
    "DaySum",
    "Drawing",
    "Ecosystem",
    "Floor",
    "FloorPlan",
    "Indicator",
    "LedgerDelta",
    "Mail",
    "MonthLedger",
    "MonthOpening",
    "Park",
    "ParkPeriod",
    "PublishedFigure",
    "Throttle",
    "Unit",
    "UnitPeriod",
    "UnitShape",
    "User",
]
