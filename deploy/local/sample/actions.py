"""What workers do over HTTP: register an app, complain, apply."""

import random
from datetime import date, timedelta
from typing import Any

from deploy.local.sample.events import SKILL_COURSES
from deploy.local.sample.roster import Job, scaled, some_day

Action = dict[str, Any]

COMPLAINTS = {
    "late_pay": "平台拖欠我半个月的配送费，多次催要没有结果。",
    "below_minimum_wage": "按实际接单时间算，每小时报酬低于最低工资标准。",
    "unlawful_fee": "平台以超时为由扣了我几百元，没有事先告知规则。",
    "no_contract": "做了三个月，一直没有和我签订书面协议。",
    "rest": "系统连续派单，一天在线超过十二小时没有休息提示。",
    "safety": "暴雨天气仍然强制派单，没有发放防护用品。",
    "occupational_injury": "受伤后才知道平台没有给我办理职业伤害保障。",
    "discrimination": "招聘时因为户籍地被拒绝，认为受到了歧视。",
    "exclusivity": "平台不允许我同时在其他平台接单，否则封号。",
}


def actions(rng: random.Random, jobs: list[Job], people: int) -> list[Action]:
    """Devices, then complaints, then applications for the training subsidy: 70, 40 and 30 for 620 people. Ten of the devices are
    of people who apply."""
    settled = [job for job in jobs if job.role in {"plain", "skilled", "employed"}]
    skilled = [job for job in jobs if job.role == "skilled"]

    def some(of: list[Job], count: int) -> list[Job]:
        return rng.sample(of, min(scaled(count, people), len(of)))

    devices = [_device(rng, job) for job in some(settled, 60)]
    complaints = [_complaint(rng, job) for job in some(settled, 40)]
    applying = some(skilled, 30)
    applications = [
        _action("application", job, course=SKILL_COURSES[job.platform.industry], completed_on=f"{job.trains_on}")
        for job in applying
    ]
    devices += [_device(rng, job) for job in applying[:10]]
    return devices + complaints + applications


def _device(rng: random.Random, job: Job) -> Action:
    return _action("device", job, device_token=f"{rng.getrandbits(128):032x}")


def _complaint(rng: random.Random, job: Job) -> Action:
    category = rng.choice(list(COMPLAINTS))
    occurred_on = some_day(rng, date(2026, 9, 20), date(2026, 10, 31) - timedelta(days=1))
    return _action(
        "complaint",
        job,
        category=category,
        text=COMPLAINTS[category],
        district=job.district,
        occurred_on=f"{occurred_on}",
    )


def _action(kind: str, job: Job, **details: str) -> Action:
    return {"kind": kind, "platform": job.platform.uscc, "worker_ref": job.worker_ref, **details}
