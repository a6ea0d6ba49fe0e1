"""What an application of each kind leads to (德人社发〔2022〕95号 art. 12, 14), from the input alone."""

from calendar import monthrange
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from math import ceil
from typing import Any

from deploy.local.calculation.identity import birth_date
from deploy.local.calculation.registry import PROFILE, STARTED, TRAINED, Engagement
from deploy.local.calculation.validation import SHANGHAI, Fact

LEAST_AGE = 16
RETIRES = {"男": (60, 4, 36), "女": (55, 4, 36)}
"""The age at which a man and a female cadre retired until 2024, by how many months later each birth month adds one, and how many it
adds at most (国务院关于渐进式延迟法定退休年龄的办法)."""
FOR_TRAINING = Decimal("800.00")
"""Yuan that the demo's officers set for a training."""

Action = Mapping[str, Any]


def every_kind(
    action: Action, trainings: int, facts: Sequence[Fact], standing: Sequence[Engagement], number: str, now: datetime
) -> dict[str, Any]:
    """The figures of `kinds`. `trainings`: how many applications for the training subsidy are on public notice; `number`: the resident
    id number of who applies for the rest.

    People hear of each step, and a platform that has declared itself: of a recognition that it was accepted, approved, and since when
    it holds; of a refusal that it was accepted and refused; of what is on public notice that it was accepted, announced, approved and
    paid, of which those on notice before have heard the first two.
    """
    skilled, on_file = action["skilled"], {fact.platform for fact in facts if fact.type == PROFILE}
    holds = skilled is not None and has_certificate((skilled["platform"], skilled["worker_ref"]), facts)
    goes_on = bool(action["goes_on"])
    trainings, skills = trainings * goes_on, int(holds and goes_on)
    today = now.astimezone(SHANGHAI).date()
    own = [one for one in standing if one.id_number == number]
    recognised = of_working_age(number, today) and not any(employed(one, today) for one in own)
    refused = int(trainings > 0)
    return {
        "recognised": int(recognised),
        "flexible_refused": ["paid"],
        "grant_refused": ["placed"],
        "training_paid": trainings,
        "training_spent": f"{FOR_TRAINING * trainings:.2f}",
        "skill_paid": skills,
        "skill_spent": f"{Decimal(action['amount']) * skills:.2f}",
        "skill_refused": ["not_paid_as_training"] * refused,
        "messages": (3 if recognised else 2)
        + 2
        + 2 * (action["platform"] in on_file)
        + 2 * trainings
        + 4 * skills
        + 2 * refused,
    }


def of_working_age(number: str, today: date) -> bool:
    """Whether the bearer of a resident id number is 16 and not retired yet; a woman counts until a cadre's age, as what is between
    an officer judges."""
    born = birth_date(number)
    assert born is not None
    age, step, most = RETIRES["男" if int(number[16]) % 2 else "女"]
    months = (born.year + age - 2025) * 12 + born.month - 1
    later = 0 if months < 0 else min(most, ceil((months + 1) / step))
    return _years_on(born, LEAST_AGE, 0) <= today < _years_on(born, age, later)


def employed(engagement: Engagement, today: date) -> bool:
    """Whether somebody works in a labour relation today: nobody does before a safety training is known."""
    return engagement.relation == "employment" and engagement.worked and engagement.covers(today)


def has_certificate(worker: tuple[str, str], facts: Sequence[Fact]) -> bool:
    """Whether a platform has told that a person of its own completed a training."""
    known = {fact.worker for fact in facts if fact.type == STARTED}
    return worker in known and any(fact.type == TRAINED and fact.worker == worker for fact in facts)


def _years_on(day: date, years: int, months: int) -> date:
    """A month's last day stands for one that it does not have."""
    year, month = divmod((day.year + years) * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
