# What the engine costs.

.PHONY: bench-engine sweep

## bench-engine: N=1000 executions, STORE=sqlite|postgres, CLIENT=noop|emulator, in release; MORE="--past 1000000", "--waiting 10000" or "--workers 4 --sleep-ms 200 --instances 200" measures those; one JSON line
bench-engine:
	@cargo build --quiet --release -p amc-fleet-tests --bin bench-engine
	@cargo build --quiet --release -p amc-fleet-emulator --bin amc-fleet-emulator
	@$(POSTGRES) wheel "$(CARGO_TARGET_DIR)/release/bench-engine" --n "$(or $(N),1000)" --store "$(or $(STORE),sqlite)" \
		--client "$(or $(CLIENT),noop)" $(MORE)

## sweep: every pair of calls of a batch fails or is deadly, on every store; `make test` tries a part of the pairs
sweep:
	AMC_FLEET_SWEEP=all $(POSTGRES) wheel cargo test $(RUST) --lib -- no_run_lost_whichever_two_calls_fail
