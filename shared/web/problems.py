"""Problem details (RFC 9457): every error answer has a stable `type`, and says in Chinese and English what is wrong."""

from __future__ import annotations

from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from shared.errors import (
    ChangedMeanwhile,
    Conflict,
    DomainError,
    Forbidden,
    NotFound,
    RevisionNeeded,
    RuleBroken,
    Unauthenticated,
)
from shared.policy.parameters import MissingParameter
from shared.storage.passing import Stale, is_passing

log = structlog.get_logger(__name__)

MEDIA_TYPE = "application/problem+json"


class Problem(Exception):
    """An answer that says what is wrong. `kind` is the stable last part of its `type`."""

    def __init__(
        self,
        status: int,
        kind: str,
        zh: str,
        en: str,
        *,
        headers: dict[str, str] | None = None,
        **extra: Any,
    ) -> None:
        super().__init__(f"{status} {kind}")
        self.status, self.kind, self.zh, self.en = status, kind, zh, en
        self.headers, self.extra = headers or {}, extra

    def response(self) -> JSONResponse:
        body = {
            "type": f"/problems/{self.kind}",
            "title": self.zh,
            "title_en": self.en,
            "status": self.status,
            **self.extra,
        }
        return JSONResponse(body, self.status, headers=self.headers, media_type=MEDIA_TYPE)


STATUS: dict[type[DomainError], int] = {
    Unauthenticated: 401, Forbidden: 403, NotFound: 404, Conflict: 409, ChangedMeanwhile: 412, RuleBroken: 422, RevisionNeeded: 428,
}  # fmt: skip


def problem_of(error: DomainError) -> Problem:
    """How HTTP answers what a rule says no with."""
    headers = {"WWW-Authenticate": "Bearer"} if isinstance(error, Unauthenticated) else None
    return Problem(STATUS[type(error)], error.kind, error.zh, error.en, headers=headers, **error.extra)


HTTP_TEXTS = {
    400: ("bad-request", "请求有误", "bad request"),
    404: ("not-found", "没有这个资源", "no such resource"),
    405: ("method-not-allowed", "不支持此方法", "method not allowed"),
    408: ("too-slow", "请求体传输超时", "the body took too long to come"),
    413: ("too-large", "请求体过大", "the body is too large for this route"),
}


def of_status(status: int, headers: dict[str, str] | None = None) -> Problem:
    """The problem of an HTTP status that the framework answers with."""
    kind, zh, en = HTTP_TEXTS.get(status, ("http-error", "请求未能完成", "request failed"))
    return Problem(status, kind, zh, en, headers=headers)


def add_problem_handlers(app: FastAPI) -> None:
    """Make every error of an app a problem answer. None quotes what was sent."""

    @app.exception_handler(Problem)
    async def on_problem(_: Request, error: Problem) -> JSONResponse:
        return error.response()

    @app.exception_handler(DomainError)
    async def on_domain_error(_: Request, error: DomainError) -> JSONResponse:
        return problem_of(error).response()

    @app.exception_handler(HTTPException)
    async def on_http(_: Request, error: HTTPException) -> JSONResponse:
        return of_status(error.status_code, dict(error.headers or {})).response()

    @app.exception_handler(RequestValidationError)
    async def on_invalid(_: Request, error: RequestValidationError) -> JSONResponse:
        errors = [{"at": ".".join(str(part) for part in e["loc"]), "detail": e["msg"]} for e in error.errors()]
        return Problem(
            422, "invalid-request", "请求内容不符合要求", "the request is not valid", errors=errors
        ).response()

    @app.exception_handler(MissingParameter)
    async def on_law_not_known(_: Request, missing: MissingParameter) -> JSONResponse:
        return Problem(
            422,
            "law-not-known",
            "该日期适用的规定尚未收录，请联系人社部门",
            "what the law says on that day is not known here; ask the labour department",
            parameter=missing.key,
            day=str(missing.day),
        ).response()

    @app.exception_handler(OverflowError)
    async def on_overflow(_: Request, __: OverflowError) -> JSONResponse:
        # a day behind the calendar's last, or a number that the database does not hold: only a caller has such
        return Problem(422, "out-of-range", "日期或数值超出范围", "a date or a number is out of range").response()

    @app.exception_handler(Stale)
    async def on_stale(_: Request, __: Stale) -> JSONResponse:
        return Problem(
            409, "changed-meanwhile", "内容已被他人修改，请重新读取", "changed by someone else meanwhile"
        ).response()

    @app.exception_handler(Exception)
    async def on_fault(request: Request, error: Exception) -> JSONResponse:
        if is_passing(error) or isinstance(error, TimeoutError):
            log.warning("http.unavailable", path=request.scope.get("route_path", ""), reason=type(error).__name__)
            headers = {"Retry-After": "5"}
            return Problem(
                503, "unavailable", "服务暂时不可用，请稍后再试", "try again later", headers=headers
            ).response()
        log.exception("http.fault", reason=type(error).__name__)
        return Problem(500, "internal", "系统内部错误", "internal error").response()
