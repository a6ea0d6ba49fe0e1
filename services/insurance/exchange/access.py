"""Who handles what is exchanged with the province: the labour and social-security department."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends

from shared.web.auth import Caller, Officer
from shared.web.problems import forbidden

DEPARTMENT = "hrss"


def is_of_bureau(caller: Caller) -> bool:
    """Whether the caller is an officer of the department, of some district or the city."""
    return caller.role == "officer" and caller.department == DEPARTMENT and caller.district is not None


async def bureau_officer(officer: Officer) -> Caller:
    """The caller, where they are an officer of the department; otherwise a 403 problem."""
    if not is_of_bureau(officer):
        raise forbidden("仅人社部门经办人员可执行此操作", "only officers of the labour department may")
    return officer


BureauOfficer = Annotated[Caller, Depends(bureau_officer)]
