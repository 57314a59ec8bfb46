# Everything that is done to this project. Needs Python 3.11 or newer, make and git; brings the rest into .venv.
PYTHON ?= $(firstword $(foreach name,python3.11 python3.12 python3.13 python3.14 python3,$(shell command -v $(name))))
UV_VERSION := 0.13.9
BIN := .venv/bin
STAMP := .venv/.complete
PYTEST_ARGS ?= -n 2 --dist loadgroup
DEMO_ARGS ?=
UV := $(BIN)/uv

.PHONY: help setup demo up test check bench lock openapi clean
.DEFAULT_GOAL := help

help: ## What can be made.
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1	/' | expand -t 16

setup: $(STAMP) ## Make .venv with exactly the locked packages and this project; quick when nothing changed.

$(STAMP): requirements.lock pyproject.toml
	@test -n "$(PYTHON)" || { echo "No Python found: install Python 3.11 or newer, or say make PYTHON=..."; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "$(PYTHON) is older than Python 3.11"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(UV) --version 2>/dev/null | grep -qF '$(UV_VERSION)' || $(BIN)/python -m pip install --quiet uv==$(UV_VERSION)
	$(UV) pip install --quiet --python $(BIN)/python --require-hashes --compile-bytecode -r requirements.lock
	$(UV) pip install --quiet --python $(BIN)/python --no-deps --editable .
	@touch $@

demo: setup ## Record a training log, analyse it and show what it means.
	@$(BIN)/loadstone demo $(DEMO_ARGS)

up: setup ## Start PostgreSQL, Temporal, a worker and the API, until Ctrl-C.
	@$(BIN)/loadstone up

test: setup ## All tests.
	$(BIN)/pytest $(PYTEST_ARGS)

check: setup ## Style, format, types and the walls between the rooms.
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/pyright
	$(BIN)/lint-imports

bench: setup ## Measure against the goals.
	$(BIN)/python -m tests.benchmarks

lock: $(UV) ## Resolve the dependencies anew and write the lock files.
	$(UV) lock --quiet
	$(UV) export --quiet --frozen --no-emit-project --no-header --all-groups --all-extras --output-file requirements.lock
	$(UV) export --quiet --frozen --no-emit-project --no-header --no-default-groups --output-file requirements-runtime.lock

$(UV):
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet uv==$(UV_VERSION)

openapi: setup ## Write the API's contract to docs/api/openapi.json.
	@mkdir -p docs/api
	$(BIN)/loadstone openapi --output docs/api/openapi.json

clean: ## Remove what was made, and the local stack's data with it.
	rm -rf .venv .loadstone .pytest_cache .ruff_cache .import_linter_cache .hypothesis dist
