"""Who is insured by whom on which days (社会保险法 art. 58; 《新就业形态人员职业伤害保障办法（试行）》 art. 2).

Whoever works in a labour relation is insured by the employer, whoever works otherwise by the platform, on every day of
the engagement. On no day does one platform insure a person twice in the same scheme, however many accounts they have: the
engagement that began first does.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from deploy.local.calculation.registry import Engagement

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Days on which one engagement insures its person, both included; `last` is None while there is no end."""

    engagement: Engagement
    first: date
    last: date | None

    @property
    def employed(self) -> bool:
        return self.engagement.relation == "employment"


def enrolments(engagements: Iterable[Engagement]) -> list[Stretch]:
    """Every stretch of days on which somebody is insured; nobody is who never may have worked."""
    together: defaultdict[tuple[str, str, bool], list[Engagement]] = defaultdict(list)
    for engagement in engagements:
        if engagement.worked:
            employed = engagement.relation == "employment"
            together[engagement.id_number, engagement.platform, employed].append(engagement)
    return [stretch for group in together.values() for stretch in _divided(group)]


def _divided(group: Sequence[Engagement]) -> list[Stretch]:
    """The days of one person's engagements with one insurer, each day with the engagement that insures it."""
    ranked = sorted(group, key=lambda one: (one.started_on, one.worker_ref))
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
