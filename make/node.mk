# The npm package amc-fleet.

.PHONY: node node-test node-dist node-bench

## node: build bindings-node so that examples/node runs
node:
	cd bindings-node && npm ci --no-audit --no-fund
	cargo build $(RUST) --bin amc-fleet-emulator
	cd bindings-node && node scripts/build.mjs
	cd examples/node && npm install --no-audit --no-fund --no-package-lock

## node-test: test the npm package as `make node` left it
node-test:
	git diff --exit-code bindings-node/generated.d.ts
	cd bindings-node && $(POSTGRES) wheel node --test tests/*.test.mjs

## node-dist: leave amc-fleet-<version>.tgz in dist/, installed and tried in an empty folder
node-dist: kit
	cd bindings-node && npm ci --no-audit --no-fund
	cd bindings-node && node scripts/build.mjs $(PROFILE)
	cd bindings-node && node scripts/pack.mjs $(PROFILE) $(DIST)
	cd bindings-node && node scripts/try.mjs $(DIST) $(PROFILE)

## node-bench: in release: what handing a million rows over to apache-arrow adds
node-bench: kit
	cd bindings-node && npm ci --no-audit --no-fund
	cd bindings-node && node scripts/build.mjs $(PROFILE)
	cd bindings-node && AMC_FLEET_EMULATOR=$(CARGO_TARGET_DIR)/$(PROFILE:dev=debug)/amc-fleet-emulator node scripts/bench.mjs
