# The Python package: `make python` leaves .venv with pip and amc_fleet, built for debugging.

PYTHON_ROOT := $(abspath $(dir $(lastword $(MAKEFILE_LIST)))/..)
PYTHON_BIN := $(PYTHON_ROOT)/.venv/bin
PYTHON_PACKAGE := $(PYTHON_ROOT)/bindings-python
PYTHON_TARGET := $(or $(CARGO_TARGET_DIR),$(PYTHON_ROOT)/target)
PYTHON_KIT := $(PYTHON_PACKAGE)/python/amc_fleet/testing/bin

# Equal for every build of the workspace, so that cargo does not build PyO3 in turns.
export PYO3_BUILD_EXTENSION_MODULE := 1

.PHONY: python python-env python-emulator python-test python-stubs python-dist python-bench

python-env:
	@$(PYTHON_ROOT)/tools/python/env.sh

## python: build the package into .venv
python: python-env
	cd $(PYTHON_PACKAGE) && $(PYTHON_BIN)/maturin develop --features stubs

python-emulator:
	cd $(PYTHON_ROOT) && cargo build $(RUST) --bin amc-fleet-emulator

## python-test: types, style, and every test of the package
python-test: python python-emulator python-stubs
	cd $(PYTHON_PACKAGE) && $(PYTHON_BIN)/ruff check . && $(PYTHON_BIN)/ruff format --check .
	cd $(PYTHON_PACKAGE) && AMC_FLEET_EMULATOR=$(PYTHON_TARGET)/debug/amc-fleet-emulator $(POSTGRES) wheel $(PYTHON_BIN)/pytest

## python-stubs: write the types of the compiled module, and hold them to what is committed, to it and to the examples
python-stubs: python
	$(PYTHON_ROOT)/tools/python/stubs.sh
	git -C $(PYTHON_ROOT) diff --exit-code -- bindings-python/python/amc_fleet/_amc_fleet.pyi
	cd $(PYTHON_PACKAGE) && $(PYTHON_BIN)/mypy python $(PYTHON_ROOT)/examples/python/02_async.py
	cd $(PYTHON_PACKAGE) && $(PYTHON_BIN)/mypy $(PYTHON_ROOT)/examples/python/01_batch.py
	cd $(PYTHON_PACKAGE) && $(PYTHON_BIN)/python -m mypy.stubtest amc_fleet --mypy-config-file pyproject.toml --allowlist stubtest.allow

## python-dist: leave a wheel in dist/ with the emulator inside, installed and tried in an empty environment
python-dist: python-env kit
	mkdir -p $(PYTHON_KIT)
	cp $(PYTHON_TARGET)/$(PROFILE:dev=debug)/amc-fleet-emulator $(PYTHON_KIT)/
	cd $(PYTHON_PACKAGE) && $(PYTHON_BIN)/maturin build --profile $(PROFILE) --strip $(if $(filter dev,$(PROFILE)),--features stubs) --out $(DIST)
	rm -r $(PYTHON_KIT)
	$(PYTHON_ROOT)/tools/python/try_wheel.sh $(DIST) $(PROFILE)

PYTHON_BENCH := $(PYTHON_ROOT)/.cache/python-bench

## python-bench: in release: what importing costs, and what handing a million rows over adds
python-bench: python-dist
	python3 -m venv --clear $(PYTHON_BENCH)
	$(PYTHON_BENCH)/bin/pip install --quiet --disable-pip-version-check $(DIST)/amc_fleet-*.whl polars pyarrow
	$(PYTHON_BENCH)/bin/python $(PYTHON_ROOT)/tools/python/bench_import.py
	$(PYTHON_BENCH)/bin/python $(PYTHON_ROOT)/tools/python/bench_handover.py
