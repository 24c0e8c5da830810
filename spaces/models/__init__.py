from spaces.models.allocations import Allocation
from spaces.models.changes import Change
from spaces.models.figures import Indicator, PublishedFigure
from spaces.models.people import Assignment, User
from spaces.models.places import Building, Ecosystem, Floor, Park
from spaces.models.units import Unit

__all__ = [
    "Allocation",
    "Assignment",
    "Building",
    "Change",
    "Ecosystem",
    "Floor",
    "Indicator",
    "Park",
    "PublishedFigure",
    "Unit",
    "User",
]
