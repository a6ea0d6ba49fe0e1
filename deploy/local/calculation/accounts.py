"""Which accounts of a person at one platform are one: one employer is behind both, on no day on different terms."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from deploy.local.calculation.registry import Engagement

Account = tuple[str, str]
_DAY = timedelta(days=1)


def terms_of(engagements: Sequence[Engagement], day: date) -> tuple[str, bool, str] | None:
    """Footing, by the hour or not, and employer on a day: of several engagements those of the one begun last."""
    covering = [one for one in engagements if one.covers(day)]
    if not covering:
        return None
    last = max(covering, key=lambda one: one.started_on)
    return last.relation, last.part_time, last.partner or last.platform


def differ(one: Sequence[Engagement], other: Sequence[Engagement]) -> bool:
    """Whether two accounts are on different terms on some day."""
    both = (*one, *other)
    turns = {each.started_on for each in both} | {each.ended_on + _DAY for each in both if each.ended_on}
    pairs = ((terms_of(one, day), terms_of(other, day)) for day in turns)
    return any(here and there and here != there for here, there in pairs)


def circles(engagements: Iterable[Engagement]) -> list[list[Account]]:
    """The accounts of each person at each platform, those that are one together."""
    of_account: defaultdict[Account, list[Engagement]] = defaultdict(list)
    accounts_of: defaultdict[tuple[str, str], set[Account]] = defaultdict(set)
    for one in engagements:
        of_account[one.worker].append(one)
        accounts_of[one.platform, one.id_number].add(one.worker)
    employers = {account: {one.partner or one.platform for one in of_account[account]} for account in of_account}
    found: list[list[Account]] = []
    for accounts in accounts_of.values():
        of_person: list[list[Account]] = []
        for account in sorted(accounts):
            for circle in of_person:
                shared = any(employers[account] & employers[other] for other in circle)
                if shared and not any(differ(of_account[account], of_account[other]) for other in circle):
                    circle.append(account)
                    break
            else:
                of_person.append([account])
        found += of_person
    return found
