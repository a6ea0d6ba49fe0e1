"""The documented events, written as a platform writes them (CloudEvents 1.0, structured mode); `employee.declared` is said by HTTP."""

import random
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from deploy.local.sample.numbers import event_id
from deploy.local.sample.pay import Settlement
from deploy.local.sample.people import DISTRICTS, Platform
from deploy.local.sample.roster import Job, at
from deploy.local.sample.shifts import Order

Event = dict[str, Any]

SAFETY_COURSE = "safety-onboarding"
SKILL_COURSES = {
    "instant_delivery": "delivery-rider-level-5",
    "ride_hailing": "ride-hailing-driver-level-5",
    "freight": "road-freight-driver-level-5",
    "courier": "courier-level-5",
}
ACCIDENTS = ("雨天路滑摔倒", "与转弯车辆发生碰撞", "搬运货物时扭伤腰部", "避让行人时摔倒", "被车门撞倒")


class Pen:
    """Writes events with seeded ids and numbers of its own counting."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self._written = 0

    def number(self, letters: str) -> str:
        self._written += 1
        return f"{letters}{self._written:07d}"

    def write(self, platform: Platform, kind: str, happened: datetime, data: dict[str, Any]) -> Event:
        return {
            "specversion": "1.0",
            "id": event_id(self._rng),
            "source": platform.source,
            "type": f"cn.deyang.platform.{kind}.v1",
            "time": instant(happened, platform),
            "datacontenttype": "application/json",
            "data": data,
        }

    def profile(self, platform: Platform, declared: datetime, phone: str) -> Event:
        data: dict[str, Any] = {"name": platform.name, "industries": [platform.industry]}
        if platform.delivery_class is not None:
            data["delivery_class"] = platform.delivery_class
        return self.write(platform, "profile.declared", declared, {**data, "contact_phone": phone})

    def started(self, job: Job, told_at: datetime, started_on: date, relation: str, trained: bool) -> Event:
        kind = {"employment": "contract", "partial": "written_agreement"}.get(relation)
        data = {
            "worker_ref": job.worker_ref,
            "id_number": job.id_number,
            "name": job.person.name,
            "phone": job.person.phone,
            "industry": job.platform.industry,
            "relation": relation,
            "started_on": f"{started_on}",
            "district": job.district,
            "agreement": kind and {"kind": kind, "number": self.number("XY"), "signed_on": f"{started_on}"},
            "safety_training": {"course": SAFETY_COURSE, "completed_on": f"{started_on - timedelta(days=1)}"}
            if trained
            else None,
            "partner_uscc": job.partner_uscc,
            "dispatched": job.dispatched,
        }
        return self.write(job.platform, "engagement.started", told_at, data)

    def ended(self, job: Job, ended_on: date) -> Event:
        reason = self._rng.choice(("本人离职", "长期未接单", "协议到期"))
        data = {"worker_ref": job.worker_ref, "ended_on": f"{ended_on}", "reason": reason}
        return self.write(job.platform, "engagement.ended", at(ended_on, 22), data)

    def order(self, job: Job, order: Order) -> Event:
        data = {
            "order_id": self.number(f"{job.platform.mark}O"),
            "worker_ref": job.worker_ref,
            "industry": job.platform.industry,
            "taken_at": instant(order.taken_at, job.platform),
            "finished_at": instant(order.finished_at, job.platform),
            "district": job.district,
            "fee": money(order.fee),
        }
        return self.write(job.platform, "order.finished", order.finished_at, data)

    def settlement(self, job: Job, settlement: Settlement) -> Event:
        paid_on = settlement.last + timedelta(days=self._rng.randint(2, 5))
        data = {
            "settlement_id": self.number(f"{job.platform.mark}S"),
            "worker_ref": job.worker_ref,
            "period_start": f"{settlement.first}",
            "period_end": f"{settlement.last}",
            "orders": settlement.orders,
            "gross": money(settlement.gross),
            "deductions": [{"kind": kind, "amount": money(amount)} for kind, amount in settlement.deductions],
            "net": money(settlement.net),
            "due_on": f"{settlement.last + timedelta(days=5)}",
            "paid_on": f"{paid_on}",
        }
        return self.write(job.platform, "settlement.paid", at(paid_on, 18), data)

    def worktime(self, job: Job, shift: list[Order]) -> Event:
        online = shift[0].taken_at - timedelta(minutes=self._rng.randint(2, 15))
        offline = max(order.finished_at for order in shift) + timedelta(minutes=self._rng.randint(1, 10))
        data = {
            "session_id": self.number(f"{job.platform.mark}W"),
            "worker_ref": job.worker_ref,
            "online_at": instant(online, job.platform),
            "offline_at": instant(offline, job.platform),
        }
        return self.write(job.platform, "worktime.recorded", offline, data)

    def incident(self, job: Job, occurred: datetime, order_id: str | None) -> Event:
        name, streets = DISTRICTS[job.district]
        data = {
            "incident_id": self.number(f"{job.platform.mark}I"),
            "worker_ref": job.worker_ref,
            "order_id": order_id,
            "occurred_at": instant(occurred, job.platform),
            "district": job.district,
            "place": f"{name}{self._rng.choice(streets)}",
            "description": self._rng.choice(ACCIDENTS),
            "severity": self._rng.choices(("minor", "serious", "fatal"), (15, 5, 1))[0],
        }
        return self.write(job.platform, "incident.reported", occurred + timedelta(minutes=20), data)

    def training(self, job: Job, completed_on: date, course: str, hours: int, certified: bool) -> Event:
        data = {
            "worker_ref": job.worker_ref,
            "course": course,
            "hours": hours,
            "completed_on": f"{completed_on}",
            "certificate_number": self.number("ZS") if certified else None,
        }
        return self.write(job.platform, "training.completed", at(completed_on, 17, 30), data)


def instant(moment: datetime, platform: Platform) -> str:
    if platform.offset == "Z":
        return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return moment.isoformat()


def money(amount: Decimal) -> str:
    return f"{amount:.2f}"
