"""Who is insured by whom on which days (社会保险法 art. 58; 《新就业形态人员职业伤害保障办法（试行）》 art. 2).

Whoever works in a labour relation is insured by the employer, whoever works otherwise by the platform in three trades and by
nobody in any other, on every day of the engagement. The employer is the firm that the engagement names as partner, be it that
it dispatches (劳动合同法 art. 58), or else the platform. On no day does one unit insure a person twice in the same scheme,
however many accounts they have: the engagement that began first does.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from deploy.local.calculation.registry import Engagement

DAY = timedelta(days=1)
TRADES = frozenset({"ride_hailing", "instant_delivery", "freight"})
"""The trades that the occupational scheme is open to."""
SINCE = {True: date(2004, 1, 1), False: date(2022, 7, 1)}
"""The first days of work-injury insurance, of the employed, and of the occupational scheme."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Days on which one engagement insures its person, both included; `last` is None while there is no end."""

    engagement: Engagement
    first: date
    last: date | None

    @property
    def employed(self) -> bool:
        return self.engagement.relation == "employment"

    @property
    def unit(self) -> str:
        """The credit code of whoever insures."""
        return unit_of(self.engagement)


def unit_of(engagement: Engagement) -> str:
    """Who must insure: the employer, or the platform whose orders a person takes."""
    employer = engagement.partner if engagement.relation == "employment" else None
    return employer or engagement.platform


def enrolments(engagements: Iterable[Engagement]) -> list[Stretch]:
    """Every stretch of days on which somebody is insured; nobody is who never may have worked."""
    together: defaultdict[tuple[str, str, bool], list[Engagement]] = defaultdict(list)
    for engagement in engagements:
        employed = engagement.relation == "employment"
        if engagement.worked and (employed or engagement.industry in TRADES):
            together[engagement.id_number, unit_of(engagement), employed].append(engagement)
    found = [stretch for group in together.values() for stretch in _divided(group)]
    return [one for one in found if one.last is None or one.last >= SINCE[one.employed]]


def excluded(engagements: Iterable[Engagement], today: date) -> list[Engagement]:
    """The work that goes on today and that no scheme takes in, since its trade is another one."""
    return [
        one
        for one in engagements
        if one.worked
        and one.relation != "employment"
        and one.industry not in TRADES
        and (one.ended_on is None or one.ended_on >= today)
    ]


def _divided(group: Sequence[Engagement]) -> list[Stretch]:
    """The days of one person's engagements with one unit, each day with the engagement that insures it."""
    ranked = sorted(group, key=lambda one: (one.started_on, one.platform, one.worker_ref))
    turns = {one.started_on for one in ranked} | {one.ended_on + DAY for one in ranked if one.ended_on is not None}
    found: list[Stretch] = []
    for first, following in zip(days := sorted(turns), [*days[1:], None], strict=True):
        insurer = next((one for one in ranked if one.covers(first)), None)
        if insurer is None:
            continue
        last = None if following is None else following - DAY
        previous = found[-1] if found else None
        if previous is not None and previous.engagement is insurer and previous.last == first - DAY:
            found[-1] = Stretch(insurer, previous.first, last)
        else:
            found.append(Stretch(insurer, first, last))
    return found
