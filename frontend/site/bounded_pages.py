"""Pages of a long list for pages and API: only so many rows are counted, and the database computes those shown."""

from math import inf

from django.core.paginator import EmptyPage, PageNotAnInteger, Paginator
from django.db.models import Count, Sum
from django.utils.functional import cached_property

COUNTED = 1000
FARTHEST = 10_000  # rows that a page leads to: a database reads all that it skips


class ListPaginator(Paginator):
    """Pages of a list. `get_page`: the first for no number or one below it, the last counted one for one too far."""

    @property
    def last_counted(self):
        return max(1, -(-self.count // self.per_page))

    def get_page(self, number):
        try:
            return self.page(number)
        except PageNotAnInteger:
            return self.page(1)
        except EmptyPage:
            return self.page(1 if int(number) < 1 else self.last_counted)


class BoundedPaginator(ListPaginator):
    """Pages of an ordered queryset. `count` is exact up to `counted`, and `counted` where there is `more`.

    `area`: a column to sum up with the count. `known`: number and area of all rows, if the caller knows them.
    `farthest`: the last row that a page may show, None for any.

    The keys of a page are chosen by a subquery: annotations and joins are computed for its rows alone. One row more
    is read, which tells behind the counted rows whether another page follows.
    """

    def __init__(self, rows, per_page, *, counted=COUNTED, farthest=FARTHEST, area=None, known=None):
        super().__init__(rows, per_page)
        self._most, self._farthest, self._area, self._known = counted, farthest, area, known

    @cached_property
    def _sums(self):
        if self._known:
            return dict(zip(("number", "area"), self._known, strict=True))
        columns = ("pk", self._area) if self._area else ("pk",)
        rows = self.object_list.order_by().values(*columns)[: self._most + 1]
        sums = {"area": Sum(self._area)} if self._area else {}
        return rows.aggregate(number=Count("pk"), **sums)

    @property
    def more(self):
        return self._sums["number"] > self._most

    @property
    def count(self):
        return min(self._sums["number"], self._most)

    @property
    def last_counted(self):
        """The last counted page that the list leads to."""
        last = super().last_counted
        return min(last, self._farthest // self.per_page) if self._farthest else last

    @property
    def area(self):
        """The sum over all rows; None where not all of them were counted."""
        return None if self.more else self._sums["area"]

    @cached_property
    def num_pages(self):
        """The pages counted, and one more where there is more; `page` knows better once it has read a later one."""
        return max(1, -(-self.count // self.per_page)) + self.more

    def validate_number(self, number):
        last = max(self.num_pages, self._farthest // self.per_page) if self._farthest else inf
        return self._validate_number(number, last if self.more else self.num_pages)

    def keys(self, first, last):
        """The keys of the rows [first, last), as a list or a subquery."""
        return self.object_list.values("pk")[first:last]

    def page_rows(self, first, last):
        return self.object_list.filter(pk__in=self.keys(first, last))

    def page(self, number):
        number = self.validate_number(number)
        first = (number - 1) * self.per_page
        rows = list(self.page_rows(first, first + self.per_page + 1))
        if not rows and number > 1:
            raise EmptyPage(self.error_messages["no_results"])
        if self.more and number >= self.num_pages:
            further = len(rows) > self.per_page and (not self._farthest or number < self._farthest // self.per_page)
            self.num_pages = number + further
        return self._get_page(rows[: self.per_page], number, self)


class KeyPaginator(BoundedPaginator):
    """Pages of a filtered queryset. One statement reads the keys of all counted rows: its filter is run once.

    `shown` makes the rows from their keys, as an unfiltered queryset in the same order.
    """

    def __init__(self, rows, per_page, *, shown, **limits):
        super().__init__(rows, per_page, **limits)
        self.shown = shown

    @cached_property
    def counted_keys(self):
        """The keys of the counted rows, and of one more if there are more."""
        return list(self.object_list.values_list("pk", flat=True)[: self._most + 1])

    @property
    def _sums(self):
        return {"number": len(self.counted_keys)}

    def page_rows(self, first, last):
        known = last <= self._most or not self.more
        return self.shown.filter(pk__in=self.counted_keys[first:last] if known else self.keys(first, last))
