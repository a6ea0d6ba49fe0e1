"""The issuer and the sandboxes in one process, as the demo runs them."""

from __future__ import annotations

from pathlib import Path

import httpx2
import pytest

from deploy.local.stack import ISSUER, SANDBOXES, make_stack, outside_together
from deploy.local.supervisor import Supervisor
from tests.end_to_end.demo import ports


async def test_one_process_stands_for_all_of_the_world_outside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for variable, port in ports().items():
        monkeypatch.setenv(variable, port)
    stack = make_stack(tmp_path)
    outside = [program for program in outside_together(stack.programs) if program.name == "outside"]
    async with Supervisor(outside, tmp_path) as supervisor, httpx2.AsyncClient() as http:
        assert len(supervisor.processes) == 1
        answers = [await http.get(f"{stack.urls[name]}/readyz") for name in (*ISSUER, *SANDBOXES)]
        assert [answer.text for answer in answers] == ["ready"] * 5
        form = {"grant_type": "client_credentials", "client_id": "operator:a", "client_secret": stack.client_secret}
        token = await http.post(f"{stack.urls['issuer']}/oauth2/token", data=form)
        assert token.is_success
        assert (await http.get(f"{stack.urls['sms']}/sandbox/messages")).json() == []
    assert (tmp_path / "logs" / "outside.log").read_text() == ""
