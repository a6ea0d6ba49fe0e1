"""The statutory retirement age, which rises by steps from 2025 on (全国人大常委会关于实施渐进式延迟法定退休年龄的决定, 2024-09-13)."""

from __future__ import annotations

import datetime as dt
from typing import Final, Literal

from services.subsidies.persons.rules import Sex
from shared.policy.calendar import months_after
from shared.policy.parameters import Law, MissingParameter

Group = Literal["male", "female_cadre", "female_worker"]
"""Men; women in posts of management or technique (原 55 周岁); other women (原 50 周岁)."""

SOURCE: Final = "全国人大常委会关于实施渐进式延迟法定退休年龄的决定"


def group_of(sex: Sex, confirmed: Group | None, law: Law) -> Group | None:
    """To which group a person belongs; None where a person must say so.

    Whether a woman in flexible employment retires by the age of 50 or of 55 is a local rule; where it is not known, an officer
    confirms it by what her file says.
    """
    if sex == "male":
        return "male"
    if confirmed in ("female_cadre", "female_worker"):
        return confirmed
    try:
        local = law.text("retirement.flexible_women")
    except MissingParameter:
        return None
    return "female_cadre" if local == "female_cadre" else "female_worker"


def retires_on(born_on: dt.date, group: Group, law: Law) -> dt.date:
    """The day on which a person reaches the age; raises MissingParameter where the law of the day has no steps.

    Who reaches the original age before the first month of the steps is not delayed. Of all others, the m-th month after that first
    one (from 0) is delayed by ceil((m + 1) / step) months, at most `cap`.

    A man born in 1965-01 reaches 60 in 2025-01: m = 0, one month later, 2025-02. One born in 1965-05: m = 4, two months later.
    A woman of the worker group born in 1975-03 reaches 50 in 2025-03: m = 2, step 2, two months later.
    """
    original, step, cap = (int(text) for text in law.lists("retirement.delay")[group])
    before = months_after(born_on, original)
    begins = dt.date.fromisoformat(law.text("retirement.delay_from"))
    passed = (before.year - begins.year) * 12 + before.month - begins.month
    if passed < 0:
        return before
    return months_after(born_on, original + min(cap, -(-(passed + 1) // step)))
