"""What subsidies publishes of examinations."""

from __future__ import annotations

from services.subsidies.enrolments.documents import Enrolment
from services.subsidies.examinations.documents import Result
from shared.contracts.subsidies import ExaminationRecorded


def recorded(result: Result, enrolment: Enrolment) -> ExaminationRecorded:
    return ExaminationRecorded(
        enrolment_id=enrolment.id,
        worker_id=enrolment.worker_id,
        programme_id=enrolment.programme_id,
        title=enrolment.title,
        evaluator=result.evaluator,
        attempt=result.attempt,
        taken_on=result.taken_on,
        passed=result.passed,
    )
