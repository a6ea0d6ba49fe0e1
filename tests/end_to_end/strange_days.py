"""Days that are strange and valid: what platforms may push, and seldom do."""

from __future__ import annotations

import datetime as dt
import random
from typing import Any

from tests.unit.identity.numbers import make, make_uscc

OFFSETS = ("+08:00", "Z", "+14:00", "-12:00", "+05:45", "-00:00", "+00:30")
INDUSTRIES = ("ride_hailing", "instant_delivery", "freight", "courier", "other")
RELATIONS = ("employment", "partial", "self_employed")
COURSES = ("safety-onboarding", "delivery-safety-1", "freight-safety", "网约车安全A", "烹饪", "safety")
DISTRICTS = ("510603", "510604", "510623", "510681", "510682", "510683")
REGIONS = ("510603", "810000", "820000", "830000", "911110", "710000", "650102")
NAMES = ("阿卜杜热西提·买买提", "𠮷𡈽田", "欧阳·Ωmega", "A" * 200)
STARTS = tuple(
    dt.date(*day)
    for day in (
        (2016, 12, 31), (2017, 1, 1), (2022, 6, 30), (2022, 7, 1), (2024, 2, 29), (2025, 6, 30), (2025, 7, 1),
        (2026, 9, 1), (2026, 9, 30), (2026, 10, 1), (2026, 10, 20), (2026, 11, 29),
    )
)  # fmt: skip
LAST_DAY = STARTS[-1]
MIDNIGHTS = tuple(
    dt.datetime(*day, 16, tzinfo=dt.UTC)
    for day in (
        (2016, 12, 31), (2017, 6, 1), (2022, 6, 30), (2024, 2, 28), (2025, 6, 30), (2025, 12, 31), (2026, 9, 30),
        (2026, 10, 10), (1986, 5, 4), (1991, 9, 14),
    )
)  # fmt: skip
"""The first instants of legal days: of years, months and a leap day, of rates, of summer time, and long before any rate."""
PEOPLE, ORDERS = 40, 400


def strange_day(seed: int) -> list[dict[str, Any]]:
    """Events in an order in which they may have happened."""
    return _Day(seed).events


class _Day:
    def __init__(self, seed: int) -> None:
        self.random, self.seed, self.events = random.Random(seed), seed, list[dict[str, Any]]()
        self.platforms = [make_uscc(f"MA0000A{number:02}") for number in range(1, 5)]
        self.partners = [None, None, make_uscc("MA0000B01"), make_uscc("MA0000B02"), self.platforms[0]]
        self.engaged: list[tuple[str, str, str]] = []
        self._profiles()
        for number in range(PEOPLE):
            self._person(number)
        for number in range(ORDERS):
            self._order(number)
        for number in range(40):
            self._pay_and_time(number)
            self._incident(number % 10)

    def _at(self, instant: dt.datetime) -> str:
        """An instant in whatever offset."""
        offset = self.random.choice(OFFSETS)
        away = dt.timedelta() if offset == "Z" else dt.datetime.strptime(offset, "%z").utcoffset() or dt.timedelta()
        return f"{instant + away:%Y-%m-%dT%H:%M:%S.%f}{offset}"

    def _push(self, platform: str, kind: str, data: dict[str, Any], time: str | None = None) -> None:
        number = len(self.events)
        said_at = dt.datetime(2026, 10, 25, tzinfo=dt.UTC) + dt.timedelta(seconds=37 * number)
        self.events.append({
            "specversion": "1.0",
            "id": f"strange-{self.seed}-{number}",
            "source": f"/platforms/{platform}",
            "type": f"cn.deyang.platform.{kind}.v1",
            "time": time or self._at(said_at),
            "data": data,
        })  # fmt: skip

    def _profiles(self) -> None:
        """One is reached on a fixed line; one changes its class at midnight, and back just before another."""
        plain = {"name": "奇·𠮷", "industries": ["instant_delivery", "ride_hailing"], "contact_phone": "0838-2500000"}
        for number, platform in enumerate(self.platforms):
            phone = {} if number == 0 else {"contact_phone": f"1380000000{number}"}
            self._push(platform, "profile.declared", plain | phone, f"2026-08-0{number + 1}T00:00:00+14:00")
        changes = (("b", "2026-09-30T16:00:00Z"), ("a", "2026-10-10T15:59:59.999999Z"))
        for delivery_class, time in changes:
            body = plain | {"contact_phone": "13800000001", "delivery_class": delivery_class}
            self._push(self.platforms[1], "profile.declared", body, time)

    def _person(self, number: int) -> None:
        """On several platforms, some again and again; corrected, ended before the start, trained after the end."""
        pick, chance = self.random.choice, self.random.random
        born = dt.date(self.random.randint(1950, 2008), 2, 28) + dt.timedelta(days=self.random.randint(0, 1))
        id_number = make(pick(REGIONS), born, number)
        for account in range(pick((1, 1, 2, 3))):
            platform, ref = pick(self.platforms), pick((f"w{number}", f"同|ref:{number}.$", f"w{number}-{account}"))
            start = pick(STARTS)
            said = self._engage(platform, ref, id_number, start)
            if chance() < 0.3:
                self._push(platform, "engagement.started", said | {"relation": pick(RELATIONS), "agreement": None})
            if chance() < 0.15:
                self._push(platform, "engagement.started", said | {"safety_training": None})
            if chance() < 0.4:
                over = min(start + dt.timedelta(days=pick((-1, 0, 0, 1, 30, 400))), LAST_DAY)
                self._push(
                    platform,
                    "engagement.ended",
                    {"worker_ref": ref, "ended_on": str(over), "reason": pick(("", "\x00"))},
                )
                if chance() < 0.3:
                    self._engage(platform, ref, id_number, min(over + dt.timedelta(days=pick((0, 1, 10))), LAST_DAY))
            if chance() < 0.5:
                day = min(start + dt.timedelta(days=pick((-400, -1, 0, 5, 500))), LAST_DAY)
                training = {
                    "worker_ref": ref,
                    "course": pick(COURSES),
                    "hours": pick((0, 0.5)),
                    "completed_on": str(day),
                }
                self._push(platform, "training.completed", training | {"certificate_number": None})

    def _engage(self, platform: str, ref: str, id_number: str, start: dt.date) -> dict[str, Any]:
        pick, partner = self.random.choice, self.random.choice(self.partners)
        said = {
            "worker_ref": ref,
            "id_number": pick((id_number, id_number.lower())),
            "name": pick(NAMES),
            "phone": f"138{self.random.randint(0, 99_999_999):08}",
            "industry": pick(INDUSTRIES),
            "relation": pick(RELATIONS),
            "started_on": str(start),
            "district": pick(DISTRICTS),
            "agreement": pick((None, {"kind": "contract", "number": "X·1", "signed_on": str(start)})),
            "safety_training": pick((None, None, {"course": pick(COURSES), "completed_on": str(start)})),
            "partner_uscc": partner,
            "dispatched": partner not in (None, platform) and self.random.random() < 0.5,
        }
        self._push(platform, "engagement.started", said)
        self.engaged.append((platform, ref, str(said["district"])))
        return said

    def _order(self, number: int) -> None:
        """At a legal midnight or a moment from it; of people who were told of or not; some twice, or on another platform."""
        pick, chance = self.random.choice, self.random.random
        platform, ref, district = pick(self.engaged)
        finished = pick(MIDNIGHTS) + dt.timedelta(microseconds=pick((0, 0, -1, 1, -1_000_000)))
        taken = finished - dt.timedelta(seconds=pick((0, 900, 3 * 86_400)))
        order = {
            "order_id": f"o{number}",
            "worker_ref": ref if chance() < 0.9 else "nobody",
            "industry": pick(INDUSTRIES),
            "taken_at": self._at(taken),
            "finished_at": self._at(finished),
            "district": district,
            "fee": pick(("0", "0.00", "999999999999.99", "6.5")),
        }
        self._push(platform, "order.finished", order)
        if chance() < 0.1:
            self._push(platform, "order.finished", order)
        if chance() < 0.05:
            self._push(pick([one for one in self.platforms if one != platform]), "order.finished", order)

    def _pay_and_time(self, number: int) -> None:
        """Deductions beyond what was earned; no time at all, or three days of it."""
        pick = self.random.choice
        platform, ref, _ = pick(self.engaged)
        first = dt.date(2026, pick((9, 10)), pick((1, 15, 30)))
        self._push(platform, "settlement.paid", {
            "settlement_id": f"s{number}",
            "worker_ref": ref,
            "period_start": str(first),
            "period_end": str(first + dt.timedelta(days=pick((0, 6)))),
            "orders": pick((0, 10)),
            "gross": pick(("0", "100.00", "999999999999.99")),
            "deductions": pick(([], [{"kind": "罚款", "amount": "999999999999.99"}], [{"kind": "a", "amount": "0"}] * 100)),
            "net": pick(("-999999999999.99", "0", "100.00")),
            "due_on": str(first + dt.timedelta(days=7)),
            "paid_on": str(first + dt.timedelta(days=pick((0, 7, 8, 20)))),
        })  # fmt: skip
        until = pick(MIDNIGHTS)
        session = {"session_id": f"t{number}", "worker_ref": ref, "offline_at": self._at(until)}
        online = self._at(until - dt.timedelta(days=pick((0, 0, 1, 3))))
        self._push(platform, "worktime.recorded", session | {"online_at": online})

    def _incident(self, number: int) -> None:
        """Before anybody worked, or of nobody who did; told again by others of their own."""
        pick = self.random.choice
        platform, ref, district = pick(self.engaged)
        self._push(platform, "incident.reported", {
            "incident_id": f"i{number}-{len(self.events)}",
            "worker_ref": pick((ref, "nobody")),
            "order_id": pick((None, "o1", "none")),
            "occurred_at": self._at(pick(MIDNIGHTS[5:8])),
            "district": district,
            "place": "",
            "description": "\x00𠮷",
            "severity": pick(("minor", "serious", "fatal")),
        })  # fmt: skip
