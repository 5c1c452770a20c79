# Everything a person does with this repository. Needs Python >= 3.11 and make, nothing else;
# `make test` uses Java 17 and Maven too where they are installed (real Kafka).

SHELL := /bin/sh
.DEFAULT_GOAL := help
PACKAGES := shared $(sort $(wildcard services/*)) deploy/local
SOURCES := $(addsuffix /src,$(PACKAGES)) $(wildcard services/*/migrations) tests $(wildcard bench)
READY := .venv/.ready
PY := .venv/bin/python
KAFKA ?= embedded
PYTEST := $(PY) -m pytest
# Compiled code is kept: every service that starts would compile itself anew otherwise.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help demo test up bench clean lint lock docs check-docs audit env

help: ## This list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' Makefile

demo: $(READY) ## All scenarios from application to 办结 in at most 90 s
	@$(PY) -m demo

up: $(READY) ## The same stack, staying up until Ctrl-C (KAFKA=real: on a real Kafka)
	@$(PY) -m stack.up --kafka $(KAFKA)

# ROUNDS, SCHEMATHESIS_EXAMPLES, DAMAGES and SEED reach the tests: make test ROUNDS=200
test: $(READY) ## All tests; those on real Kafka where Java 17 and Maven are (REQUIRE_REAL_KAFKA=1: must run)
	$(PYTEST) -n 2 -m "not faults"
	$(PYTEST) -n 0 -m faults tests/faults

bench: $(READY) ## Transfers per second on real Kafka and PostgreSQL, then bank lines per second, each against a floor
	@$(PY) -m bench
	@$(PY) -m bench.ledger

lint: $(READY) ## Style, types, import contracts
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy $(SOURCES)
	.venv/bin/lint-imports

docs: $(READY) ## Write docs/generated from the code
	@$(PY) -m stack.documents

check-docs: $(READY) ## Fail when docs/generated is not what the code generates
	@$(PY) -m stack.documents --check

audit: $(READY) ## Known vulnerabilities of what the lock pins
	@$(PY) -m stack.audit

lock: ## Pin requirements.in with hashes (needs uv)
	uv pip compile --universal --python-version 3.11 --generate-hashes --upgrade --quiet \
	  --no-emit-index-url --no-emit-find-links --no-header requirements.in -o requirements.lock

clean: ## Remove everything that these commands made
	@if [ -x $(PY) ]; then $(PY) -m stack.clean; fi
	rm -rf .venv .state .cache .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis .schemathesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

env: $(READY) ## Only the environment

# One environment from the hash-pinned lock; our own packages are linked in, built by what the lock holds.
$(READY): requirements.lock $(addsuffix /pyproject.toml,$(PACKAGES))
	@python=; for each in $(PYTHON) python3 python3.14 python3.13 python3.12 python3.11 python; do \
	  if "$$each" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then python=$$each; break; fi; \
	done; \
	if [ -z "$$python" ]; then \
	  echo "需要 Python 3.11 或更高版本：请安装后重试，或用 make PYTHON=/path/to/python 指定。" >&2; \
	  echo "Python >= 3.11 is needed: install it, or name one with make PYTHON=/path/to/python." >&2; exit 1; \
	fi; \
	if ! "$$python" -c 'import ensurepip, venv' 2>/dev/null; then \
	  echo "$$python 缺少 venv 模块（Debian/Ubuntu: apt-get install python3-venv）。" >&2; \
	  echo "$$python lacks the venv module (Debian, Ubuntu: apt-get install python3-venv)." >&2; exit 1; \
	fi; \
	if [ ! -x $(PY) ]; then echo "making .venv with $$("$$python" --version)"; "$$python" -m venv .venv; fi
	@$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(PY) -m pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps --no-index \
	  $(addprefix -e ./,$(PACKAGES))
	@touch $@
