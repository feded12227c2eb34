# The npm package amc-fleet. NODE_PROFILE is the cargo profile of the package that is shipped.

NODE_PROFILE ?= dist

.PHONY: node node-test node-dist

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

## node-dist: leave dist/amc-fleet-<version>.tgz, and try it in an empty folder
node-dist:
	cd bindings-node && npm ci --no-audit --no-fund
	cd bindings-node && node scripts/build.mjs $(NODE_PROFILE)
	cd bindings-node && node scripts/pack.mjs $(NODE_PROFILE)
	cd bindings-node && node --test tests/dist/*.test.mjs
