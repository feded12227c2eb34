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
# One selection for every verb: cargo resolves the same features, so nothing is built twice.
RUST := --workspace --exclude amc-fleet-python --exclude amc-fleet-node

.PHONY: help
help: ## Lists the verbs.
	@sed -nE -e 's/^([a-z-]+):.* ## (.*)/\1: \2/p' -e 's/^## ([a-z-]+: .*)/\1/p' $(MAKEFILE_LIST) | sort | awk -F': ' '{printf "%-16s %s\n", $$1, $$2}'

.PHONY: demo
demo: ## One query on 50 instances, end to end: emulator, SQLite, live progress, merged CSV. SQL=path runs any query.
	@cargo build --quiet $(RUST) --bin amc-fleet-emulator-sql --bin example-01-batch
	@tools/demo "$(BIN)" "$(or $(SQL),examples/reach.sql)"

.PHONY: emulator
emulator: ## Builds both emulators and prints their paths.
	@cargo build --quiet $(RUST) --bin amc-fleet-emulator --bin amc-fleet-emulator-sql
	@echo "$(BIN)/amc-fleet-emulator"
	@echo "$(BIN)/amc-fleet-emulator-sql"

.PHONY: test
test: ## Runs everything there is, in every language, on SQLite and PostgreSQL.
	@$(POSTGRES) wheel $(MAKE) --no-print-directory test-rust emulator-judges corpus-judge python-test node node-test dist-test postgres-test

.PHONY: test-rust
test-rust: ## Runs the Rust suites: unit, property, conformance, end to end, crash, documentation.
	cargo build $(RUST) --bins
	$(POSTGRES) wheel cargo test $(RUST) --lib --bins --tests
	cargo test $(RUST) --doc

# What `make dist` builds with, and where it leaves the packages.
PROFILE ?= release
DIST ?= $(CURDIR)/dist

.PHONY: dist
dist: python-dist node-dist ## Builds what is published: one wheel and one npm package in dist/, each tried in an empty place.

.PHONY: dist-test
dist-test: ## Packs both packages from the debug build and tries each in an empty place.
	rm -rf .cache/dist
	$(MAKE) dist PROFILE=dev DIST=$(CURDIR)/.cache/dist

# The emulator that goes into the packages: alone, but in debug as the tests have it.
.PHONY: kit
kit:
	cargo build --profile $(PROFILE) $(if $(filter dev,$(PROFILE)),$(RUST),-p amc-fleet-emulator) --bin amc-fleet-emulator

.PHONY: check
check: ## Checks formatting, lints, documentation, features alone and generated files.
	cargo fmt --all --check
	cargo clippy --workspace --all-targets -- -D warnings
	RUSTDOCFLAGS="-D warnings" cargo doc --no-deps -p amc-fleet -p amc-fleet-emulator
	cargo check -p amc-fleet --no-default-features
	for feature in http sqlite postgres parquet xlsx objects testing; do cargo check --quiet -p amc-fleet --no-default-features --features $$feature; done

.PHONY: crash
crash: ## Kills real workers with -9 and counts at the emulator: ROUNDS=10 STORE=sqlite|postgres WORKERS=1. Prints one JSON line.
	@cargo build --quiet $(RUST) --bin amc-fleet-emulator --bin worker --bin crash
	@$(POSTGRES) wheel "$(BIN)/crash" --rounds "$(or $(ROUNDS),10)" --store "$(or $(STORE),sqlite)" \
		--workers "$(or $(WORKERS),1)"

.PHONY: bench-scheduler
bench-scheduler: ## What 10,000 active schedules cost, STORE=sqlite|postgres, in release; prints one JSON line.
	@cargo build --quiet --release --package amc-fleet-tests --bin bench-scheduler
	@$(POSTGRES) wheel "$(CARGO_TARGET_DIR)/release/bench-scheduler" "$(or $(STORE),sqlite)"

.PHONY: standing-work
standing-work: ## A year of virtual time with workers killed, then 365 days and 52 weeks of history with faults. SEED=7.
	@cargo build --quiet $(RUST) --bin standing
	@"$(BIN)/standing" year "$(or $(SEED),7)"
	@"$(BIN)/standing" backfill "$(or $(SEED),7)"

.PHONY: bench-batch
bench-batch: ## Runs one query on INSTANCES=500 instances in one process, STORE=sqlite|postgres, and prints one JSON line.
	@cargo build --quiet $(RUST) --bin amc-fleet-emulator --bin bench-batch
	@$(POSTGRES) wheel "$(BIN)/bench-batch" --instances "$(or $(INSTANCES),500)" --rows "$(or $(ROWS),1000)" \
		--store "$(or $(STORE),sqlite)"

.PHONY: fuzz
fuzz: ## Fuzzes what writes parameters into queries, for FUZZ=60 seconds; needs cargo-fuzz and a nightly compiler.
	cargo +nightly fuzz run parameters_stay_in_place --fuzz-dir fuzz -- -max_total_time="$(or $(FUZZ),60)"

-include make/*.mk
