"""Growing pauses after failures, counted in the database for all workers and threads.

A pause belongs to an account *and one address or device*: failures of strangers elsewhere never stop the owner. An
attempt is counted before it is made, under the lock of its rows, and discounted when it succeeds, so that simultaneous
attempts cannot pass together.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import F
from django.utils.crypto import salted_hmac

from spaces.actions.locks import lock_row
from spaces.actions.retry import atomic_with_retry
from spaces.models import Throttle
from spaces.values import clock

KEPT = timedelta(days=2)  # longer than failures are counted
MOST_DOUBLINGS = 12


@dataclass(frozen=True, slots=True)
class Brake:
    free: int  # failures before the first pause
    first: timedelta  # doubled by each further failure
    longest: timedelta
    fades: timedelta  # one failure is forgotten in this time

    def left(self, row: Throttle, now: datetime) -> int:
        return max(0, row.failures - max(timedelta(0), now - row.last_at) // self.fades)

    def wait(self, row: Throttle, now: datetime) -> timedelta:
        over = self.left(row, now) - self.free
        if over < 0:
            return timedelta(0)
        pause = min(self.first * 2 ** min(over, MOST_DOUBLINGS), self.longest)
        return max(timedelta(0), row.last_at + pause - now)


# 5 in 15 minutes for an account from one address, 30 in 15 minutes for an address.
PAIR = Brake(free=5, first=timedelta(seconds=30), longest=timedelta(minutes=15), fades=timedelta(hours=1))
ADDRESS = Brake(free=30, first=timedelta(seconds=30), longest=timedelta(minutes=15), fades=timedelta(seconds=30))
# The ceiling of an account pauses nobody. Above it an unknown address has one attempt instead of five.
CEILING = Brake(free=60, first=timedelta(0), longest=timedelta(0), fades=timedelta(minutes=1))
UNDER_ATTACK = Brake(free=1, first=timedelta(minutes=15), longest=timedelta(minutes=15), fades=timedelta(hours=1))
# Mails that anybody can request for an address: earlier ones stay valid.
MAILS = Brake(free=3, first=timedelta(minutes=20), longest=timedelta(minutes=20), fades=timedelta(minutes=20))
# Files that take over a second to write, for visitors: 30 an hour for an address.
FILES = Brake(free=30, first=timedelta(minutes=2), longest=timedelta(minutes=2), fades=timedelta(minutes=2))

# Forms kept for visitors: 100 for an address, then one a minute.
FORMS = Brake(free=100, first=timedelta(minutes=1), longest=timedelta(minutes=1), fades=timedelta(minutes=1))


@atomic_with_retry
def sign_in(*, account: str, address: str, device: str) -> timedelta:
    """Count an attempt to sign in as a failure; if paused, don't count it and return the time to wait.

    `device` names a browser from which this account signed in before (or ""): failures of strangers do not touch it.
    """
    if device:
        return _take({_pair(account, device): PAIR})
    brakes = {_pair(account, address): PAIR, _key("address", address): ADDRESS}
    ceiling = _key("account", account)
    now = clock.now()
    row = Throttle.objects.filter(key=ceiling).first()
    if row and CEILING.left(row, now) >= CEILING.free:
        brakes[_pair(account, address)] = UNDER_ATTACK
    return _take(brakes | {ceiling: CEILING})


@atomic_with_retry
def signed_in(*, account: str, address: str, device: str) -> None:
    """Discount the attempt counted last, and reset the failures of this account from here."""
    forget(account=account, address=address, device=device)
    if not device:
        keys = [_key("address", address), _key("account", account)]
        Throttle.objects.filter(key__in=keys, failures__gt=0).update(failures=F("failures") - 1)


@atomic_with_retry
def forget(*, account: str, address: str, device: str) -> None:
    """End the pause of this account from here: the owner is identified by other means."""
    Throttle.objects.filter(key__in=[_pair(account, address), _pair(account, device)]).delete()


@atomic_with_retry
def mail(*, kind: str, email: str) -> bool:
    """Count a mail of a kind to this address; whether it may be sent now."""
    return not _take({_key(f"mail {kind}", email): MAILS})


@atomic_with_retry
def file(*, address: str) -> timedelta:
    """Count a file requested by a visitor; if paused, don't count it and return the time to wait."""
    return _take({_key("file", address): FILES})


@atomic_with_retry
def form(*, address: str) -> timedelta:
    """Count a form kept for a visitor; if paused, don't count it and return the time to wait."""
    return _take({_key("form", address): FORMS})


@atomic_with_retry
def clear(*, before: datetime) -> None:
    Throttle.objects.filter(last_at__lt=before).delete()


def _take(brakes: Mapping[str, Brake]) -> timedelta:
    """The longest wait, or zero after counting one more failure under each key. Nothing is counted during a wait."""
    begun = {"last_at": clock.now()}
    rows = [lock_row(Throttle.objects.get_or_create(key=key, defaults=begun)[0]) for key in sorted(brakes)]
    now = clock.now()  # after the locks: what another attempt counted meanwhile was not counted later than this
    wait = max(brakes[row.key].wait(row, now) for row in rows)
    if not wait:
        for row in rows:
            Throttle.objects.filter(pk=row.pk).update(failures=brakes[row.key].left(row, now) + 1, last_at=now)
    return wait


def _pair(account: str, place: str) -> str:
    return _key("pair", f"{account}\n{place}")


def _key(kind: str, text: str) -> str:
    """Hash of the parts: the table holds no addresses."""
    return salted_hmac(f"spaces.throttle.{kind}", text, algorithm="sha256").hexdigest()
