"""What subsidies publishes of attendance."""

from __future__ import annotations

from services.subsidies.attendance.documents import Sign
from shared.contracts.subsidies import AttendanceJudged, AttendanceSuspected


def suspected(sign: Sign) -> AttendanceSuspected:
    return AttendanceSuspected(
        sign_id=sign.id,
        worker_id=sign.worker_id,
        enrolments=tuple(sign.enrolments),
        lead_department=sign.department,
        district=sign.district,
    )


def judged(sign: Sign, struck: tuple[str, ...]) -> AttendanceJudged:
    return AttendanceJudged(
        sign_id=sign.id,
        worker_id=sign.worker_id,
        enrolments=tuple(sign.enrolments),
        lead_department=sign.department,
        district=sign.district,
        struck=struck,
    )
