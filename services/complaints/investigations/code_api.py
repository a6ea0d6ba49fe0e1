"""Files that whoever has no token hands in of a case, and reads again, by its number and the code that came with it.

They stand in the header, not beside the file: nothing of a body is read of whoever does not have them.
"""

from __future__ import annotations

import base64
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Request, Response
from fastapi.security import HTTPBasic
from starlette.datastructures import UploadFile

from services.complaints.cases.filing_api import Code, not_too_often
from services.complaints.cases.filing_commands import case_by_code
from services.complaints.evidence import commands as evidence
from services.complaints.evidence.documents import Evidence
from services.complaints.evidence.rules import Party
from services.complaints.evidence.views import EvidenceView, download
from shared.storage.transaction import Transaction, transact
from shared.web.files import LARGEST_REQUEST
from shared.web.paging import Page, PageAsked
from shared.web.problems import Problem

SIDE: Final[Party] = "reporter"
ABOUT: Final = 500
"""Characters of what a file shows, at most."""
FORM: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file", "about"],
                    "properties": {
                        "file": {"type": "string", "format": "binary"},
                        "about": {"type": "string", "minLength": 1, "maxLength": ABOUT},
                    },
                }
            }
        },
    }
}

router = APIRouter(prefix="/v1/anonymous-reports/evidence", tags=["investigations 调查"])


class NumberAndCode(HTTPBasic):
    """A case's number as the user and its code as the password, in UTF-8 (RFC 7617): FastAPI's own takes ASCII alone."""

    async def __call__(self, request: Request) -> Code:  # type: ignore[override]
        scheme, _, given = request.headers.get("authorization", "").partition(" ")
        try:
            number, _, code = base64.b64decode(given, validate=True).decode().partition(":")
            if scheme.lower() == "basic":
                return Code(number=number, code=code)
        except ValueError:  # neither Base64 nor UTF-8, or longer than any number or code
            pass
        needed = {"WWW-Authenticate": 'Basic charset="UTF-8"'}
        raise Problem(
            401, "unauthenticated", "请提供投诉编号和查询码", "a case's number and code are needed", headers=needed
        )


_proof = NumberAndCode(description="the number of a case, and the code that came with it")


async def _counted(request: Request, given: Annotated[Code, Depends(_proof)]) -> Code:
    await not_too_often(request)
    return given


Given = Annotated[Code, Depends(_counted)]


@router.post("", status_code=201, max_body_size=LARGEST_REQUEST, openapi_extra=FORM)
async def hand_in_by_code(request: Request, given: Given) -> EvidenceView:
    """Hand in a file. One that was handed in before is not kept a second time."""
    await _matter(given)  # before the body is read
    file = await _file_in(request)

    async def keep(tx: Transaction) -> Evidence:
        return await evidence.keep(await _matter(given, tx), SIDE, file, tx, once=True)

    return EvidenceView.of(await transact(keep))


@router.get("")
async def list_by_code(given: Given, page: PageAsked) -> Page[EvidenceView]:
    """The files of the case that whoever filed it handed in or was shown, the oldest first."""
    return await Page.of(Evidence, {"matter": await _matter(given), "shown_to": SIDE}, EvidenceView.of, page)


@router.get("/{evidence_id}/content")
async def read_by_code(evidence_id: str, given: Given) -> Response:
    """One of these files, to be saved."""
    return await download(await evidence.evidence_of(await _matter(given), evidence_id, SIDE))


async def _matter(given: Code, tx: Transaction | None = None) -> str:
    return (await case_by_code(given.number, given.code, tx)).matter


async def _file_in(request: Request) -> evidence.File:
    async with request.form(max_files=1, max_fields=1) as form:
        file, about = form.get("file"), form.get("about")
        if not isinstance(file, UploadFile) or not isinstance(about, str) or not 0 < len(about) <= ABOUT:
            raise Problem(
                422, "invalid-request", "请提交文件并说明证明内容", "a form of a file and of what it shows is needed"
            )
        return evidence.File(file.filename or "", about, await file.read())
