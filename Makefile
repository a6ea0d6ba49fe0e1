# Xindun 新盾. `make demo` shows the whole system at work; everything is set up on first use.

PYTHON ?=
RUN := .venv/bin/python
TESTS ?= tests
READY := .venv/ready
LOCKED := $(wildcard requirements/*.txt)
COMPILE := .venv/bin/uv pip compile --quiet --generate-hashes --python-version 3.11 --python-platform linux \
	--no-emit-index-url --no-emit-find-links --no-annotate --custom-compile-command "make lock"

KUBERNETES := var/kubernetes/venv

.PHONY: help demo up down status native test unit bench conformance kit-check lint format hooks lock clean image-check \
	compose-secrets compose-check kustomize-check dashboards alerts-check

help:
	@echo "make demo [INPUT=FILE]   push a platform's day through the whole system and check every figure"
	@echo "make demo AGAINST=FILE   the same against services that run already, as FILE names them"
	@echo "make up | down | status  keep the stack running (data in var/local), stop it, show it"
	@echo "make test [TESTS=...]    every test but the benchmarks, or those of some folders"
	@echo "make unit                the tests that need no server, in seconds"
	@echo "make bench               the benchmarks, written to var/bench"
	@echo "make native              build the native database once for this machine, many times faster (needs cargo, cmake, a C compiler)"
	@echo "make conformance ...     whether a platform's events hold: EVENTS=FILE offline, URL=... at a gateway (deploy/kit/README.md)"
	@echo "make kit-check           the platforms' example clients against a real registry; skips those whose language is not here"
	@echo "make image-check         build the container image, run a small day from it, measure it (as root; needs buildah, debootstrap, Java)"
	@echo "make dashboards          write Grafana's dashboards anew from the list of figures"
	@echo "make alerts-check        test the alerts (needs promtool, of Debian's package prometheus)"
	@echo "make lint                style, types and import rules"
	@echo "make kustomize-check     render the overlays for Kubernetes and hold them against the schemas (needs Go and Maven)"
	@echo "make format              bring the code into the style that lint asks for"
	@echo "make hooks               have git run lint before each commit"
	@echo "make lock                resolve the requirements again"
	@echo "make compose-secrets     make the secrets of deploy/compose.yaml that are missing"
	@echo "make compose-check       lint and resolve the Compose files (needs Go and npm, no Docker)"
	@echo "make clean               remove everything that was made here"
	@echo "BROKER=apache: Apache Kafka in place of the embedded broker (needs Java 17 and Maven)"
	@echo "DATABASE=embedded|native: pip's database or the native one; without it native where it is found"

demo: $(READY)
	@$(RUN) -m deploy.local demo $(if $(INPUT),--input "$(INPUT)") $(if $(AGAINST),--against "$(AGAINST)")

up down status: $(READY)
	@$(RUN) -m deploy.local $@

native: $(READY)
	@$(RUN) -m deploy.local.native

test: $(READY)
	$(RUN) -m pytest $(TESTS) --numprocesses 5 --dist loadscope

unit: $(READY)
	$(RUN) -m pytest tests/unit --numprocesses 2 --quiet

bench: $(READY)
	$(RUN) -m tests.bench

conformance: $(READY)
	@$(RUN) -m deploy.kit.conformance

kit-check: $(READY)
	$(RUN) -m pytest tests/kit tests/unit/kit

image-check: $(READY)
	$(RUN) -m deploy.image

dashboards: $(READY)
	$(RUN) -m deploy.observability.dashboards

alerts-check: $(READY)
	@deploy/observability/promtool.sh

lint: $(READY)
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/lint-imports

kustomize-check: $(KUBERNETES)/ready
	$(KUBERNETES)/bin/python -m deploy.kustomize.check

format: $(READY)
	.venv/bin/ruff check --fix-only .
	.venv/bin/ruff format .

hooks:
	git config core.hooksPath .githooks

lock: $(READY)
	$(COMPILE) pyproject.toml --output-file requirements/runtime.txt
	$(foreach set,sandbox local dev,$(COMPILE) pyproject.toml --group $(set) --output-file requirements/$(set).txt &&) true
	$(foreach set,installer kubernetes,$(COMPILE) --group $(set) --output-file requirements/$(set).txt &&) true

compose-secrets: $(READY)
	@$(RUN) -m deploy.compose.make_secrets

compose-check: compose-secrets
	deploy/compose/check.sh

clean:
	@if [ -x $(RUN) ]; then $(RUN) -m deploy.local down || true; fi
	rm -rf .venv var .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(READY): $(LOCKED) deploy/local/set_up.sh
	@echo "setting up .venv ..."
	@PYTHON="$(PYTHON)" deploy/local/set_up.sh
	@touch $@

$(KUBERNETES)/ready: requirements/kubernetes.txt | $(READY)
	.venv/bin/uv venv --quiet --allow-existing --python $(RUN) $(KUBERNETES)
	.venv/bin/uv pip sync --quiet --python $(KUBERNETES)/bin/python --require-hashes $<
	@touch $@
