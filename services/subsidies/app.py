"""The subsidies service: what it is made of."""

from __future__ import annotations

from services.subsidies.attendance import api as attendance_api
from services.subsidies.attendance.documents import AttendedSession, Sign
from services.subsidies.certificates import api as certificates_api
from services.subsidies.certificates import consumers as certificates_consumers
from services.subsidies.certificates.documents import Certificate, CertificateKey
from services.subsidies.enrolments import api as enrolments_api
from services.subsidies.enrolments import consumers as enrolments_consumers
from services.subsidies.enrolments import timers as enrolments_timers
from services.subsidies.enrolments.documents import EnrolledPerson, Enrolment, Places
from services.subsidies.examinations import api as examinations_api
from services.subsidies.examinations.documents import Result
from services.subsidies.programmes import api as programmes_api
from services.subsidies.programmes.documents import Programme
from services.subsidies.providers import api as providers_api
from services.subsidies.providers import timers as providers_timers
from services.subsidies.providers.documents import Provider
from services.subsidies.statistics import api as statistics_api
from services.subsidies.titles import api as titles_api
from services.subsidies.titles import consumers as titles_consumers
from services.subsidies.titles.documents import NominatedPerson, Nomination
from services.subsidies.trainees.documents import Person, Trainee
from services.subsidies.training import api as training_api
from services.subsidies.training import consumers as training_consumers
from services.subsidies.training import timers as training_timers
from services.subsidies.training.documents import Applicant, Application
from services.subsidies.training_platform import commands as training_platform
from services.subsidies.training_platform import connection
from services.subsidies.training_platform import consumers as training_platform_consumers
from services.subsidies.training_platform import timers as training_platform_timers
from services.subsidies.training_platform.documents import Fetched
from shared.service import Service
from shared.storage import sealed

service = Service(
    "subsidies",
    title="Xindun subsidies 培训证书与补贴",
    description="Who trains and evaluates, their programmes, certificates of platform workers, and the training subsidy.",
    documents=[
        Trainee,
        Person,
        Certificate,
        CertificateKey,
        Applicant,
        Application,
        Provider,
        Programme,
        Enrolment,
        EnrolledPerson,
        Places,
        AttendedSession,
        Sign,
        Result,
        Nomination,
        NominatedPerson,
        Fetched,
    ],
    routers=[
        providers_api.filing,
        providers_api.router,
        programmes_api.opening,
        programmes_api.router,
        enrolments_api.enrolling,
        enrolments_api.router,
        attendance_api.router,
        examinations_api.router,
        certificates_api.router,
        titles_api.nominating,
        titles_api.router,
        training_api.applying,
        training_api.router,
        statistics_api.router,
    ],
    modules=[
        providers_timers,
        enrolments_consumers,
        enrolments_timers,
        training_platform_consumers,
        training_platform_timers,
        certificates_consumers,
        titles_consumers,
        training_consumers,
        training_timers,
    ],
    at_start=[connection.check_settings, training_platform.begin],
    background=[connection.close_at_end],
    seals=("for-notifier-provider",),
    last_sealed=sealed.last_published,
)
