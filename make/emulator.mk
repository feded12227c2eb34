# The emulator against the outside world: Amazon's own documents through schemathesis, a third-party client.

EMULATOR_ROOT := $(abspath $(dir $(lastword $(MAKEFILE_LIST)))/..)
EMULATOR_ENV := $(EMULATOR_ROOT)/.cache/emulator-env

.PHONY: emulator-judges bench-emulator

## emulator-judges: let schemathesis and amazon-ads-mcp drive the emulator
emulator-judges:
	cargo build $(RUST) --bin amc-fleet-emulator
	python3 -m venv $(EMULATOR_ENV)
	$(EMULATOR_ENV)/bin/pip install --quiet --disable-pip-version-check -r $(EMULATOR_ROOT)/emulator/tests/python/requirements.txt
	AMC_EMULATOR_BIN=$(CARGO_TARGET_DIR)/debug/amc-fleet-emulator $(EMULATOR_ENV)/bin/pytest $(EMULATOR_ROOT)/emulator/tests/python

## bench-emulator: 10,000 executions and requests a second, in release; one JSON line, fails below the floors
bench-emulator:
	@cargo build --quiet --release --package amc-fleet-emulator --example throughput
	@$(CARGO_TARGET_DIR)/release/examples/throughput

CORPUS_ENV := $(EMULATOR_ROOT)/.cache/corpus-env

.PHONY: corpus-judge

## corpus-judge: let DuckDB work out the rows that the SQL corpus expects
corpus-judge:
	python3 -m venv $(CORPUS_ENV)
	$(CORPUS_ENV)/bin/pip install --quiet --disable-pip-version-check -r $(EMULATOR_ROOT)/emulator-sql/tests/python/requirements.txt
	$(CORPUS_ENV)/bin/pytest $(EMULATOR_ROOT)/emulator-sql/tests/python
