# What lint costs.

.PHONY: bench-lint

## bench-lint: lint a query of 25 kB, in release; one JSON line
bench-lint:
	@cargo build --quiet --release --package amc-fleet --no-default-features --example bench_lint
	@$(CARGO_TARGET_DIR)/release/examples/bench_lint
