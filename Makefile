# make demo, make test, make run: each sets up what it needs first.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
RUN_READY := $(VENV)/.run-ready
DEV_READY := $(VENV)/.dev-ready
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt

.PHONY: demo run test check audit bench clean

demo: $(RUN_READY)
	$(BIN)/tip-monitor demo $(ARGS)

run: $(RUN_READY)
	$(BIN)/tip-monitor run $(ARGS)

test: $(DEV_READY)
	$(BIN)/python -m pytest $(ARGS)

check: $(DEV_READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

audit: $(DEV_READY)
	$(INSTALL) --editable '.[dev,audit]'
	$(BIN)/python .ci/audit

bench: $(DEV_READY)
	$(INSTALL) --editable '.[dev,bench]'
	$(BIN)/python -m tests.benchmarks $(ARGS)

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)

$(RUN_READY): pyproject.toml constraints.txt | $(BIN)/python
	$(INSTALL) --editable .
	touch $@

$(DEV_READY): pyproject.toml constraints.txt | $(BIN)/python
	$(INSTALL) --editable '.[dev]'
	touch $@ $(RUN_READY)

clean:
	rm -rf $(VENV)
