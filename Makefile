# `make demo` and `make test` need nothing but Swift 6.3: what is missing is installed through apt.
# `make help` lists the rest.

SHELL := /bin/bash
.DEFAULT_GOAL := all
.DELETE_ON_ERROR:

JOBS ?= $(shell nproc)
PREFIX ?= /usr
DESTDIR ?=
ROOT := $(if $(DESTDIR),$(abspath $(DESTDIR)))

# A module may import only what Package.swift lets it: the arrows of docs/ARCHITECTURE.md hold.
SWIFT_FLAGS := -j $(JOBS) --explicit-target-dependency-import-check error
RELEASE_FLAGS := $(SWIFT_FLAGS) -c release --static-swift-stdlib --product tocsin
TOCSIN := .build/debug/tocsin

# Tests with brokers, receivers and daemons of their own; all others take seconds together.
SLOW_TESTS := TocsinMQTTTests|TocsinDeliveryTests|TocsinDaemonTests|TocsinConsoleTests

.PHONY: all help build release fast test tests lint format check rings differential demo bench install clean

all: build fast ## Build, then the fast tests

help: ## This list
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' Makefile | expand -t 10

build: ## Debug build in .build/debug
	@scripts/bootstrap build
	swift build $(SWIFT_FLAGS)

release: ## Optimised program in .build/release, Swift's own libraries linked in
	@scripts/bootstrap build
	swift build $(RELEASE_FLAGS)

fast: ## Tests that start no other program
	@scripts/bootstrap test
	swift test $(SWIFT_FLAGS) --skip '$(SLOW_TESTS)'

test: lint tests check rings ## All that must hold before a commit

tests: ## All tests
	@scripts/bootstrap test
	swift test $(SWIFT_FLAGS)

lint: ## Format and shell syntax
	@scripts/bootstrap test
	swift format lint --strict --parallel --recursive Package.swift Sources Tests Benchmarks
	@for script in scripts/* .ci/run; do \
	    case "$$(head -n 1 "$$script")" in \
	        *python3) /usr/bin/python3 -c 'import ast, sys; ast.parse(open(sys.argv[1]).read())' "$$script" ;; \
	        *) bash -n "$$script" ;; \
	    esac || exit 1; \
	done

format: ## Formats the Swift sources in place
	swift format --in-place --parallel --recursive Package.swift Sources Tests Benchmarks

check: build ## `tocsin check` and `test` on what is shipped; schemas; each recording replayed twice
	@scripts/bootstrap test
	$(TOCSIN) check Rules Simulators
	scripts/check-schema $(TOCSIN)
	$(TOCSIN) test Simulators --coverage 100
	scripts/check-replay $(TOCSIN)

rings: ## The rings under ThreadSanitizer, without any package
	@scripts/bootstrap build
	TOCSIN_TARGETS=TocsinRing swift test $(SWIFT_FLAGS) --sanitize=thread \
	    --scratch-path .build/thread

differential: ## A million random steps of all window functions against a walk over all history
	@scripts/bootstrap build
	TOCSIN_TARGETS=TocsinEngine TOCSIN_DIFFERENTIAL_STEPS=1000000 swift test $(SWIFT_FLAGS) \
	    -c release -Xswiftc -enable-testing --scratch-path .build/differential \
	    --filter WindowDifferentialTests

demo: ## Sensors, broker, daemon, receiver: five minutes in thirty seconds; ONCE=1 ends by itself
	@scripts/bootstrap demo
	swift build $(SWIFT_FLAGS) --product tocsin
	@ONCE="$(ONCE)" scripts/demo $(TOCSIN)

bench: release ## The engine by itself, then 10 000 samples/s for a minute through a broker
	@scripts/bootstrap bench
	Benchmarks/run .build/release/tocsin

install: release ## Into $(DESTDIR)$(PREFIX); the configuration is `tocsin init`'s
	install -D -s -m 755 .build/release/tocsin $(ROOT)$(PREFIX)/bin/tocsin
	cd Rules && find . -type f -exec install -D -m 644 {} $(ROOT)$(PREFIX)/share/tocsin/rules/{} \;
	install -D -m 644 -t $(ROOT)$(PREFIX)/lib/systemd/system systemd/tocsin.service systemd/tocsin@.service
	install -D -m 644 packaging/sysusers/tocsin.conf $(ROOT)$(PREFIX)/lib/sysusers.d/tocsin.conf
	install -D -m 644 packaging/tmpfiles/tocsin.conf $(ROOT)$(PREFIX)/lib/tmpfiles.d/tocsin.conf
	install -D -m 644 docs/man/tocsin.1 $(ROOT)$(PREFIX)/share/man/man1/tocsin.1
	install -D -m 644 packaging/mosquitto/tocsin.conf $(ROOT)$(PREFIX)/share/doc/tocsin/mosquitto.conf
	install -D -m 644 LICENSE $(ROOT)$(PREFIX)/share/doc/tocsin/LICENSE
	@echo "next: systemd-sysusers && systemd-tmpfiles --create && systemctl daemon-reload"

clean: ## Removes what was built
	rm -rf .build .demo
