"""What `deploy/kustomize` says, read from its files."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from tests.unit.project.code import ROOT

KUSTOMIZE = ROOT / "deploy" / "kustomize"
BASE = KUSTOMIZE / "base"
OVERLAYS = tuple(sorted(path.name for path in (KUSTOMIZE / "overlays").iterdir()))
SECRETS = "/etc/xindun/"

Resource = dict[str, Any]


@cache
def documents(path: Path) -> tuple[Resource, ...]:
    return tuple(row for row in yaml.safe_load_all(path.read_text("utf-8")) if row)


def kustomization(directory: Path) -> Resource:
    return documents(directory / "kustomization.yaml")[0]


def components(overlay: str) -> list[Path]:
    directory = KUSTOMIZE / "overlays" / overlay
    return [(directory / path).resolve() for path in kustomization(directory)["components"]]


def environment(overlay: str, service: str) -> dict[str, str]:
    """What a process of a service is told, where this overlay is applied."""
    above = [*components(overlay), KUSTOMIZE / "overlays" / overlay]
    everybody = [BASE, *above]
    own = _literals([BASE / service], "settings") | _literals(above, f"{service}-settings")
    return _literals(everybody, "xindun") | own


def mounted(service: str) -> set[str]:
    """The files with secrets that a service's API and worker find."""
    sources = list(_secrets(documents(BASE / "service" / "pod.yaml")[0]["spec"]["template"]))
    for patch in kustomization(BASE / service).get("patches", []):
        assert patch["target"] == {"kind": "Deployment"}
        sources += [step["value"] for step in yaml.safe_load(patch["patch"])]
    return {SECRETS + item["path"] for source in sources for given in source.values() for item in given["items"]}


def _secrets(template: Resource) -> Iterator[Resource]:
    for volume in template["spec"]["volumes"]:
        yield from volume.get("projected", {}).get("sources", [])


def _literals(directories: list[Path], name: str) -> dict[str, str]:
    return {
        variable: value
        for directory in directories
        for generator in kustomization(directory).get("configMapGenerator", [])
        if generator["name"] == name
        for variable, value in (literal.split("=", 1) for literal in generator["literals"])
    }
