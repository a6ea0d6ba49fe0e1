"""The stack's programs as processes of the images: each service's API and its workers apart."""

import dataclasses
import os
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

from deploy.image.build import Image
from deploy.local import child
from deploy.local.stack import SERVICES, Programs, python_program
from deploy.local.supervisor import Program

ROOT = Path(__file__).with_name("root.sh")
WORKERS = {"insurance": 2}
"""How many workers a service has; one where it is not named."""


def run_by(service: Image, sandbox: Image, secrets: Path) -> Programs:
    """Has services run in one image and the stand-ins in the other, each process with its secrets in `secrets`/<its name>."""

    def make(name: str, module: str, port: int, stage: int, settings: Mapping[str, str]) -> list[Program]:
        image = service if name in SERVICES else sandbox

        def program(name: str, port: int, *arguments: str) -> Program:
            own = secrets / name
            plain = python_program(name, module, port, stage, _with_files(settings, own, image))
            environment = {**image.environment, **plain.environment}

            async def command() -> list[str]:
                return inside(image, own, environment, [*image.entrypoint, module, *arguments])

            return dataclasses.replace(plain, command=command, environment=environment)

        if name not in SERVICES:
            return [program(name, port)]
        workers = [f"{name}-worker-{number + 1}" for number in range(WORKERS.get(name, 1))]
        return [
            program(name, port, "--role", "api"),
            *(program(worker, child.free_port(), "--role", "worker") for worker in workers),
        ]

    return make


def inside(image: Image, secrets: Path, environment: Mapping[str, str], command: Sequence[str]) -> list[str]:
    """What becomes `command` in an image, in an environment that is `environment` alone, whoever starts it with more."""
    strange = [f"--unset={name}" for name in os.environ if name not in environment]
    mounts = ["unshare", "--mount", "--propagation", "private", str(ROOT)]
    return ["env", *strange, *mounts, str(image.root), str(secrets), image.user, image.group, image.directory, *command]


def _with_files(settings: Mapping[str, str], secrets: Path, image: Image) -> dict[str, str]:
    """The settings with their files where the image has them: keys and the like as secrets that its user alone may read."""
    secrets.mkdir(parents=True, exist_ok=True)
    moved = {name: value for name, value in settings.items() if name != "SMS_TEMPLATES"}  # the image has its own
    for name, file in (("KEYS_FILE", "keys.json"), ("TENCENT_SMS_TEMPLATES", "templates.yaml")):
        if name in settings:
            own = secrets / file
            shutil.copyfile(settings[name], own)
            own.chmod(0o400)
            shutil.chown(own, int(image.user), int(image.group))
            moved[name] = f"/run/secrets/{file}"
    if "ISSUER_KEYS" in settings:
        moved["ISSUER_KEYS"] = "/tmp/issuer.json"  # noqa: S108 - a /tmp of the process's own
    return moved
