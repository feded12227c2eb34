# The verbs, the same for people and for CI. `make help` lists them.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

# Artifacts are shared between clones of one user; set CARGO_TARGET_DIR to keep them elsewhere.
export CARGO_TARGET_DIR ?= $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/amc-fleet/target
# Python's extension module is built the same way everywhere, so that cargo never builds it twice in turns.
export PYO3_BUILD_EXTENSION_MODULE := 1
export CARGO_INCREMENTAL ?= 0
BIN := $(CARGO_TARGET_DIR)/debug

.PHONY: help
help: ## Lists the verbs.
	@sed -nE -e 's/^([a-z-]+):.* ## (.*)/\1: \2/p' -e 's/^## ([a-z-]+: .*)/\1/p' $(MAKEFILE_LIST) | sort | awk -F': ' '{printf "%-16s %s\n", $$1, $$2}'

.PHONY: demo
demo: ## One query on 50 instances, end to end: emulator, SQLite, live progress, merged CSV. SQL=path runs any query.
	@cargo build --quiet -p amc-fleet-emulator-sql -p amc-fleet-examples
	@tools/demo "$(BIN)" "$(or $(SQL),examples/reach.sql)"

.PHONY: emulator
emulator: ## Builds both emulators and prints their paths.
	@cargo build --quiet -p amc-fleet-emulator -p amc-fleet-emulator-sql
	@echo "$(BIN)/amc-fleet-emulator"
	@echo "$(BIN)/amc-fleet-emulator-sql"

.PHONY: test
test: test-rust emulator-judges python-test node node-test ## Runs everything there is, in every language.

.PHONY: test-rust
test-rust: ## Runs the Rust suites: unit, property, conformance, end to end, crash, documentation.
	cargo build --workspace --exclude amc-fleet-python --exclude amc-fleet-node --bins
	cargo test --workspace --exclude amc-fleet-python --exclude amc-fleet-node --exclude amc-fleet-tests --lib --bins --tests
	cargo test -p amc-fleet-tests --tests
	cargo test -p amc-fleet --doc

.PHONY: dist
dist: python-dist node-dist ## Builds what is published: one wheel and one npm package in dist/, each tried in an empty place.

.PHONY: check
check: ## Checks formatting, lints, documentation, features alone and generated files.
	cargo fmt --all --check
	cargo clippy --workspace --all-targets -- -D warnings
	RUSTDOCFLAGS="-D warnings" cargo doc --no-deps -p amc-fleet -p amc-fleet-emulator
	cargo check -p amc-fleet --no-default-features
	for feature in http sqlite parquet testing; do cargo check --quiet -p amc-fleet --no-default-features --features $$feature; done

.PHONY: crash
crash: ## Kills real workers with -9 and counts at the emulator: ROUNDS=10. Prints one JSON line.
	@cargo build --quiet -p amc-fleet-emulator -p amc-fleet-tests
	@"$(BIN)/crash" --rounds "$(or $(ROUNDS),10)"

.PHONY: bench-batch
bench-batch: ## Runs one query on INSTANCES=500 instances in one process and prints one JSON line.
	@cargo build --quiet -p amc-fleet-emulator -p amc-fleet-tests
	@"$(BIN)/bench-batch" --instances "$(or $(INSTANCES),500)" --rows "$(or $(ROWS),1000)"

-include make/*.mk
