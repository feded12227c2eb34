# PostgreSQL for tests: a server that is made for a command and gone with it. Inside `make test` there is one for all.

POSTGRES_ROOT := $(abspath $(dir $(lastword $(MAKEFILE_LIST)))/..)
POSTGRES := $(POSTGRES_ROOT)/tools/postgres/with

.PHONY: postgres-test

## postgres-test: what concerns PostgreSQL once more, on the newest server installed here, if any
postgres-test:
	$(POSTGRES) found cargo test $(RUST) --lib --bins --tests postgres
