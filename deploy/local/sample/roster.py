"""Who works through whom: the cast of the sample, each role a case that the system must get right."""

import random
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from deploy.local.sample.numbers import credit_code
from deploy.local.sample.people import Person, Platform, people, platforms

SHANGHAI = ZoneInfo("Asia/Shanghai")
FIRST = date(2026, 9, 1)
LAST = date(2026, 10, 31)
OCTOBER = date(2026, 10, 1)

WORKERS = 620
ON_TWO_PLATFORMS = 60
TWO_ACCOUNTS = 24
LEAST = 100
"""People of the smallest sample in which every role is played."""

# How many of 620, of those with one account, play which part; everybody else simply works.
ROLES = {
    "blocked": 15,
    "unblocked": 35,
    "blocked until the end": 5,
    "ended": 30,
    "restarted": 8,
    "told late": 20,
    "employed": 44,
    "employed, told late": 6,
    "employed until": 6,
    "becomes employed": 4,
    "newcomer": 30,
    "skilled": 60,
}


@dataclass(frozen=True, slots=True)
class Job:
    """One person's work through one platform; `told_at` is when the platform tells of it."""

    role: str
    person: Person
    platform: Platform
    worker_ref: str
    id_number: str
    relation: str
    started_on: date
    told_at: datetime
    district: str
    partner_uscc: str | None = None
    dispatched: bool = False
    trained: bool = True
    ended_on: date | None = None
    restarts_on: date | None = None
    becomes_employed_on: date | None = None
    trains_on: date | None = None
    certified: bool = False

    def stretches(self) -> list[tuple[date, date]]:
        """The days of the sample between which orders are taken, as inclusive pairs."""
        days = [(max(self.started_on, FIRST), self.ended_on or LAST)]
        if self.restarts_on is not None:
            days.append((self.restarts_on, LAST))
        return days


def at(day: date, hour: int, minute: int = 0) -> datetime:
    """That time of a day in Deyang."""
    return datetime.combine(day, time(hour, minute), SHANGHAI)


def some_day(rng: random.Random, first: date, last: date) -> date:
    return first + timedelta(days=rng.randint(0, (last - first).days))


def scaled(count: int, people: int) -> int:
    """As many for a sample of `people` as `count` are for one of 620, at least one."""
    return max(1, round(count * people / WORKERS))


def cast(rng: random.Random, count: int = WORKERS) -> tuple[tuple[Platform, ...], list[Job]]:
    """The platforms and every job of a sample of `count` people."""
    known = platforms(rng)
    partners = [credit_code(rng, "510603") for _ in range(3)]
    everyone = people(rng, count)
    two_platforms, two_accounts = scaled(ON_TWO_PLATFORMS, count), scaled(TWO_ACCOUNTS, count)
    roles = [role for role, of in ROLES.items() for _ in range(scaled(of, count))]
    roles += ["plain"] * (count - two_platforms - two_accounts - len(roles))
    rng.shuffle(roles)
    jobs: list[Job] = []
    for place, person in enumerate(everyone):
        platform = rng.choices(known, (50, 25, 17, 8))[0]
        job = _job(rng, place, person, platform, partners)
        if place < two_platforms:
            second = rng.choice([other for other in known if other is not platform])
            jobs += _on_two_platforms(rng, place, job, _job(rng, place, person, second, partners))
        elif place < two_platforms + two_accounts:
            jobs += _with_two_accounts(rng, place, job, _job(rng, place, person, platform, partners))
        else:
            jobs.append(_play(rng, roles[place - two_platforms - two_accounts], job))
    return known, jobs


def _job(rng: random.Random, place: int, person: Person, platform: Platform, partners: list[str]) -> Job:
    started_on = some_day(rng, date(2025, 3, 1), date(2026, 8, 31))
    return Job(
        role="plain",
        person=person,
        platform=platform,
        worker_ref=f"{platform.mark}{place + 1:05d}",
        id_number=person.id_number,
        relation=rng.choice(("partial", "partial", "partial", "self_employed")),
        started_on=started_on,
        told_at=at(started_on, 9, rng.randrange(60)),
        district=rng.choice(platform.districts),
        partner_uscc=rng.choice(partners) if rng.random() < 0.3 else None,
    )


def _on_two_platforms(rng: random.Random, place: int, one: Job, two: Job) -> list[Job]:
    day = some_day(rng, date(2026, 9, 8), date(2026, 9, 28))
    if place < 6:
        # Blocked on both; a training told by one platform unblocks both.
        one = replace(one, role="trained by one", trained=False, trains_on=day)
        two = replace(two, role="unblocked by the other", trained=False)
    elif place < 12:
        # Trained through one platform before the other takes the person on.
        starts = some_day(rng, date(2026, 10, 3), date(2026, 10, 9))
        one = replace(one, role="trained by one", trained=False, trains_on=day)
        two = replace(
            two, role="trained before", trained=False, started_on=starts, told_at=at(starts, 8, rng.randrange(60))
        )
    elif one.id_number.endswith("X"):
        two = replace(two, id_number=two.id_number.lower())
    return [one, two]


def _with_two_accounts(rng: random.Random, place: int, one: Job, two: Job) -> list[Job]:
    """One person under two references of one platform: one after the other, at once, or on two footings."""
    ends = some_day(rng, date(2026, 9, 8), date(2026, 9, 25))
    starts = some_day(rng, date(2026, 10, 2), date(2026, 10, 12))
    two = replace(two, role="second account", worker_ref=f"{one.worker_ref}-2")
    one = replace(one, role="first account")
    match place % 6:
        case 0:
            one = replace(one, ended_on=ends)
            two = replace(two, started_on=starts, told_at=at(starts, 8, rng.randrange(60)))
        case 1:
            two = replace(two, ended_on=ends)
        case 2:
            # Both from the same day, and each with an end of its own.
            one = replace(one, ended_on=starts)
            two = replace(two, started_on=one.started_on, told_at=one.told_at, ended_on=ends)
        case 3:
            two = replace(two, relation="employment")
        case 4:
            # Trained under one reference, which counts for the person.
            one, two = replace(one, trained=False, trains_on=ends), replace(two, trained=False)
        case _:
            two = replace(two, told_at=at(starts, 10, rng.randrange(60)))
    return [one, two]


def _play(rng: random.Random, role: str, job: Job) -> Job:
    job = replace(job, role=role)
    in_september = some_day(rng, date(2026, 9, 8), date(2026, 9, 25))
    in_october = some_day(rng, date(2026, 10, 2), date(2026, 10, 12))
    minute = rng.randrange(60)
    match role:
        case "blocked":
            return replace(job, trained=False)
        case "unblocked":
            return replace(job, trained=False, trains_on=in_september)
        case "blocked until the end":
            return replace(job, trained=False, ended_on=in_september)
        case "ended":
            return replace(job, ended_on=rng.choice((in_september, in_october)))
        case "restarted":
            return replace(job, ended_on=in_september, restarts_on=in_october)
        case "told late":
            return replace(job, told_at=at(in_october, 10, minute))
        case "employed":
            return replace(job, relation="employment", dispatched=rng.random() < 0.2)
        case "employed, told late":
            return replace(job, relation="employment", told_at=at(in_october, 10, minute))
        case "employed until":
            return replace(job, relation="employment", ended_on=in_september)
        case "becomes employed":
            return replace(job, relation="partial", becomes_employed_on=in_october)
        case "newcomer":
            return replace(job, started_on=in_september, told_at=at(in_september, 7, minute))
        case "skilled":
            day = rng.choice((in_september, in_october))
            return replace(job, trains_on=day, certified=rng.random() < 0.7)
        case _:
            return job
