"""What a platform has before it, and how its programs are run."""

from __future__ import annotations

import asyncio
import os
from dataclasses import dataclass

from deploy.local.child import PROJECT
from tests.end_to_end.articles.city import City
from tests.kit.proxy import Proxy


@dataclass(frozen=True)
class Door:
    """The registry with its servers, an issuer, and a proxy before both; the city is as officers see it."""

    city: City
    proxy: Proxy
    mongo_uri: str

    def environment(self, platform: str, **more: str) -> dict[str, str]:
        """How a client is told where to push, and as whom."""
        return {
            "URL": self.proxy.url,
            "TOKEN_URL": f"{self.proxy.url}/oauth2/token",
            "CLIENT_ID": f"platform:{platform}",
            "CLIENT_SECRET": self.city.secret,
            **more,
        }

    async def signing_secret(self, platform: str) -> str:
        """A new signing secret of a platform: from now on it has to sign."""
        path = f"/v1/platforms/{platform}/signing-secret"
        return str((await self.city.call("officer", "registry", "PUT", path))["secret"])


async def run(command: list[str], environment: dict[str, str]) -> tuple[int | None, str, str]:
    """The status of a program, and what it says on both streams."""
    process = await asyncio.create_subprocess_exec(
        *command,
        # the reasons are Chinese too, and have to be readable where the machine's locale is not
        env={"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/"), "LC_ALL": "C", **environment},
        cwd=PROJECT,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    async with asyncio.timeout(120):
        out, err = await process.communicate()
    return process.returncode, out.decode(), err.decode()
