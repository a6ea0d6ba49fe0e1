"""Render every overlay and hold what comes out against the schemas of Kubernetes and of the operators' resources.

Run by `make kustomize-check` with the Python of `var/kubernetes`, in which kubectl, the schemas of Kubernetes and a Java are.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import kubernetes_validate
import yaml
from jsonschema import Draft202012Validator

from deploy.kustomize import references, schemas

KUBERNETES = "1.37"
KUBECTL = Path(sys.executable).with_name("kubectl")
OVERLAYS = Path(__file__).with_name("overlays")


def rendered(overlay: Path) -> list[dict[str, Any]]:
    """What `kubectl apply -k` would send."""
    done = subprocess.run([KUBECTL, "kustomize", overlay], capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{overlay.name}: {done.stderr}")
    return [row for row in yaml.safe_load_all(done.stdout) if row]


def faults(resource: dict[str, Any], custom: schemas.Schemas) -> Iterator[str]:
    """What is wrong with one resource, field by field."""
    kind = (resource["apiVersion"], resource["kind"])
    if kind in custom:
        for error in Draft202012Validator(custom[kind]).iter_errors(resource):
            yield f"{error.json_path}: {error.message}"
        return
    try:
        kubernetes_validate.validate(resource, KUBERNETES, strict=True)
    except kubernetes_validate.ValidationError as error:
        yield f"{error.json_path}: {error.message}"
    except kubernetes_validate.SchemaNotFoundError:
        yield f"no schema says what a {resource['kind']} of {resource['apiVersion']} is"


def main() -> None:
    custom = schemas.fetch()
    wrong: list[str] = []
    for overlay in sorted(OVERLAYS.iterdir()):
        resources = rendered(overlay)
        found = [f"{references.name(row)}: {fault}" for row in resources for fault in faults(row, custom)]
        found += references.faults(resources)
        wrong += [f"{overlay.name}: {fault}" for fault in found]
        print(f"{overlay.name}: {len(resources)} resources, {len(found)} faults")
    if wrong:
        sys.exit("\n".join(wrong))


if __name__ == "__main__":
    main()
