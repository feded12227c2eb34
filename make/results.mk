# How fast results are merged, in release.

RESULTS_ROOT := $(abspath $(dir $(lastword $(MAKEFILE_LIST)))/..)
RESULTS_ENV := $(RESULTS_ROOT)/.cache/bench-env

.PHONY: bench-merge bench-merge-compare fuzz-decoder

# Thin link-time optimisation cannot be incremental.
bench-merge bench-merge-compare: export CARGO_INCREMENTAL := 0

## bench-merge: one typed, merged CSV and a roll-up of the CSV files in DIR=folder, written to OUT=file; one JSON line
bench-merge:
	@cargo build --quiet --release --package amc-fleet-benches --bin bench-merge
	@"$(CARGO_TARGET_DIR)/release/bench-merge" "$(DIR)" "$(OUT)"

## bench-merge-compare: the same beside polars, pyarrow, duckdb and pandas, on FILES=100 of ROWS=10000 and on awkward ones
bench-merge-compare:
	@cargo build --quiet --release --package amc-fleet-benches --bin bench-merge
	@test -x $(RESULTS_ENV)/bin/python || python3 -m venv $(RESULTS_ENV)
	@$(RESULTS_ENV)/bin/pip install --quiet --disable-pip-version-check -r $(RESULTS_ROOT)/benches/requirements.txt
	@$(RESULTS_ENV)/bin/python $(RESULTS_ROOT)/benches/compare_merge.py "$(CARGO_TARGET_DIR)/release/bench-merge" --files "$(or $(FILES),100)" --rows "$(or $(ROWS),10000)"

## fuzz-decoder: feed the decoder anything for FUZZ=60 seconds; needs cargo-fuzz and a nightly compiler
fuzz-decoder:
	@cargo +nightly fuzz run decoding_never_panics --fuzz-dir $(RESULTS_ROOT)/fuzz -- -max_total_time="$(or $(FUZZ),60)"
