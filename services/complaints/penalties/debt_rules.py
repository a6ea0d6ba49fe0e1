"""What of a fine is due when, what is added day by day, and what is still owed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from shared.contracts.base import FEN, to_fen
from shared.errors import RuleBroken
from shared.policy import calendar
from shared.policy.calendar import Pause

DAY = dt.timedelta(days=1)
ZERO = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class Due:
    """A part of a fine, and its last day."""

    amount: Decimal
    on: dt.date


@dataclass(frozen=True, slots=True)
class Paid:
    """What was paid on a day."""

    amount: Decimal
    on: dt.date


@dataclass(frozen=True, slots=True)
class Spared:
    """A sum that stood as paid in error from a day to another: for those days nothing is added to it."""

    amount: Decimal
    first: dt.date
    last: dt.date


@dataclass(frozen=True, slots=True)
class Late:
    """Days in a row on each of which the same sum of a fine was late, and per cent of it were added; the days of a review or suit are
    not among them."""

    amount: Decimal
    first: dt.date
    last: dt.date

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Reckoned:
    """What is added to a fine, and the days on which it is, since its parts were made anew; none after the one on which it comes to
    all that may be added."""

    added: Decimal
    late: Sequence[Late]


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """What is to be paid, each by itself; `again`: what was paid back and is owed after all."""

    fine: Decimal = ZERO
    surcharge: Decimal = ZERO
    confiscated: Decimal = ZERO
    again: Decimal = ZERO

    @property
    def total(self) -> Decimal:
        return self.fine + self.surcharge + self.confiscated + self.again


@dataclass(frozen=True, slots=True, kw_only=True)
class Back:
    """What goes back, or went back, of what was paid for fine and surcharge, and for the confiscated sum."""

    fine: Decimal = ZERO
    confiscated: Decimal = ZERO

    @property
    def total(self) -> Decimal:
        return self.fine + self.confiscated


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A fine in its parts, which add up to it, and what was paid. `stays`: days on which a review or suit went on; `added`:
    what had been added before the parts were made anew; `percent`: what is added a day. `confiscated`: what is confiscated, to
    which nothing is ever added, and `handed_over`, what of it was paid; `spared`: what stood as paid in error; `refunded`: what was
    paid back already of each, and `undivided` of both together, without it being said of which; `annulled`: the decision does not
    stand."""

    parts: Sequence[Due]
    payments: Sequence[Paid]
    stays: Sequence[Pause]
    added: Decimal
    percent: Decimal
    confiscated: Due | None = None
    handed_over: Sequence[Paid] = ()
    spared: Sequence[Spared] = ()
    refunded: Back = Back()
    undivided: Decimal = ZERO
    annulled: bool = False

    @property
    def fine(self) -> Decimal:
        return sum((part.amount for part in self.parts), ZERO)

    @property
    def paid(self) -> Decimal:
        return sum((payment.amount for payment in self.payments), ZERO)

    @property
    def handed(self) -> Decimal:
        """What was paid for the confiscated sum."""
        return sum((payment.amount for payment in self.handed_over), ZERO)

    @property
    def received(self) -> Decimal:
        """All that was paid, of fine, surcharge and confiscated sum, also what is beyond them."""
        return self.paid + self.handed


def instalments(amount: Decimal, count: int, first: dt.date) -> list[Due]:
    """An amount in monthly parts that add up to it to the fen; the first ones are larger by a fen where it does not divide.
    Raises RuleBroken where there is not a fen for each."""
    fen = int(amount / FEN)
    if fen < count:
        raise RuleBroken("instalments", "分期期数过多", "there are more parts than fen")
    each, rest = divmod(fen, count)
    return [
        Due((each + (number < rest)) * FEN, calendar.add_months(first, number).due if number else first)
        for number in range(count)
    ]


def surcharge(account: Account, day: dt.date) -> Decimal:
    """What is added to a fine by the end of a day: for each day after a part's last one, per cent of what of it is not paid,
    but for the days of a review or suit, and never more than the fine (行政处罚法 art. 72, 73)."""
    return reckoned(account, day).added


def reckoned(account: Account, day: dt.date) -> Reckoned:
    """What is added to a fine by the end of a day, with the days and sums by which it is reckoned: what was added before, and per cent
    of what was late on each day, to the fen, but never more than the fine (行政处罚法 art. 72; 行政强制法 art. 45)."""
    total, late = account.added, list[Late]()
    for on, amount in _days_late(account, day):
        if total >= account.fine:
            break
        total += amount * account.percent / 100
        if late and (late[-1].amount, late[-1].last) == (amount, on - DAY):
            late[-1] = replace(late[-1], last=on)
        else:
            late.append(Late(amount, on, on))
    return Reckoned(added=min(to_fen(total), account.fine), late=late)


def added_before(
    account: Account, replaced: Sequence[tuple[Sequence[Due], dt.date]], relief: Sequence[Decimal] = ()
) -> Decimal:
    """What had been added when parts were made anew for the last time, each time by the parts of before and what is known now to
    have been paid by then. `relief`: what was waived of it each time."""
    added = ZERO
    for number, (parts, on) in enumerate(replaced):
        payments = [one for one in account.payments if one.on <= on]
        added = surcharge(replace(account, parts=parts, payments=payments, added=added), on)
        if number < len(relief):
            added = max(added - relief[number], ZERO)
    return added


def late_before(account: Account, replaced: Sequence[tuple[Sequence[Due], dt.date]]) -> Iterator[Late]:
    """The days on which something was added before parts were made anew."""
    for parts, on in replaced:
        payments = [one for one in account.payments if one.on <= on]
        yield from reckoned(replace(account, parts=parts, payments=payments, added=ZERO), on).late


def owed(account: Account, day: dt.date) -> Decimal:
    """What of fine and surcharge is to be paid on a day; below zero where more was paid."""
    return account.fine + surcharge(account, day) - account.paid


def unconfiscated(account: Account) -> Decimal:
    """What of the confiscated sum is still to be paid; below zero where more was paid."""
    due = ZERO if account.confiscated is None else account.confiscated.amount
    return due - account.handed


def apart(account: Account, day: dt.date) -> Owed:
    """What is to be paid on a day, of each sum by itself. A payment counts towards what the bank took it in for (fine and surcharge,
    or confiscated sum) and never towards the other. Of the fine it settles the earliest part first, and the surcharge after the
    whole fine. No law says which comes first: 行政处罚法 art. 72 adds to the fine that is not paid, so this costs the party least."""
    if account.annulled:
        return Owed()
    fine = max(account.fine - account.paid, ZERO)
    due, back = refundable(account, day), paid_back(account, day)
    return Owed(
        fine=fine,
        surcharge=max(owed(account, day), ZERO) - fine,
        confiscated=max(unconfiscated(account), ZERO),
        again=max(back.fine - due.fine, ZERO) + max(back.confiscated - due.confiscated, ZERO),
    )


def total(account: Account, day: dt.date) -> Decimal:
    """What is to be paid on a day of fine, surcharge and confiscated sum together, and what was paid back of them and is owed after
    all."""
    return apart(account, day).total


def refundable(account: Account, day: dt.date) -> Back:
    """What is to be paid back, whether it was already or not: all that was paid where the decision does not stand, else what was paid
    beyond what is owed, of the fine and of the confiscated sum each (行政处罚法 art. 74)."""
    if account.annulled:
        return Back(fine=account.paid, confiscated=account.handed)
    return Back(fine=max(-owed(account, day), ZERO), confiscated=max(-unconfiscated(account), ZERO))


def paid_back(account: Account, day: dt.date) -> Back:
    """What was paid back of each sum. What was paid back of both together is counted where too much was paid, first of the fine; what
    is owed after all of it is of the fine, as far as that was paid."""
    due, said = refundable(account, day), account.refunded
    fine = min(account.undivided, max(due.fine - said.fine, ZERO))
    confiscated = min(account.undivided - fine, max(due.confiscated - said.confiscated, ZERO))
    rest = account.undivided - fine - confiscated
    fine += min(rest, max(account.paid - said.fine - fine, ZERO))
    return Back(fine=said.fine + fine, confiscated=said.confiscated + account.undivided - fine)


def to_refund(account: Account, day: dt.date) -> Back:
    """What is still to be paid back of each sum: what was received is owed, to be paid back, or paid back, and none of it twice."""
    due, back = refundable(account, day), paid_back(account, day)
    return Back(fine=max(due.fine - back.fine, ZERO), confiscated=max(due.confiscated - back.confiscated, ZERO))


def overdue(account: Account, day: dt.date) -> list[Due]:
    """The parts whose last day is over, as far as they are not paid, and the confiscated sum."""
    late = [left for part, left in _left(account, day + DAY) if part.on < day and left.amount > 0]
    return late + [one for one in _open(account) if one.on < day]


def behind(account: Account, day: dt.date) -> bool:
    """Whether something is to be paid whose last day is over: of a part, or of what was added once all parts are paid."""
    return bool(overdue(account, day)) or (next_due(account, day) is None and total(account, day) > 0)


def next_due(account: Account, day: dt.date) -> dt.date | None:
    """The next last day of a part that is not paid, or of the confiscated sum."""
    parts = [part.on for part, left in _left(account, day + DAY) if part.on >= day and left.amount > 0]
    return min(parts + [one.on for one in _open(account) if one.on >= day], default=None)


def reduced(parts: Sequence[Due], fine: Decimal) -> list[Due]:
    """The parts of a fine that was lowered: what is due last falls away first."""
    kept, left = [], fine
    for part in parts:
        kept.append(Due(min(part.amount, left), part.on))
        left -= kept[-1].amount
    return [part for part in kept if part.amount > 0]


def _days_late(account: Account, day: dt.date) -> Iterator[tuple[dt.date, Decimal]]:
    """The days after the first part's last one on which something is late, and what is."""
    late = min((part.on for part in account.parts), default=day) + DAY
    while late <= day:
        amount = sum((left.amount for part, left in _left(account, late) if part.on < late), ZERO)
        counted = amount - sum((one.amount for one in account.spared if one.first <= late <= one.last), ZERO)
        if counted > 0 and not any(_within(late, stay) for stay in account.stays):
            yield late, counted
        elif late > max((part.on for part in account.parts), default=day) and amount == 0:
            return
        late += DAY


def _left(account: Account, before: dt.date) -> Iterator[tuple[Due, Due]]:
    """Each part, and what of it was not paid before a day; the earliest is paid first."""
    paid = sum((payment.amount for payment in account.payments if payment.on < before), ZERO)
    for part in account.parts:
        settled = min(paid, part.amount)
        paid -= settled
        yield part, Due(part.amount - settled, part.on)


def _open(account: Account) -> list[Due]:
    left = unconfiscated(account)
    return [Due(left, account.confiscated.on)] if account.confiscated is not None and left > 0 else []


def _within(day: dt.date, stay: Pause) -> bool:
    return stay.first <= day and (stay.last is None or day <= stay.last)
