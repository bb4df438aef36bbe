# What a person does with this project; the work is in cargo and scripts/.

ifeq ($(CI),true)
export CARGO_INCREMENTAL := 0
export CARGO_TERM_COLOR := never
LOCKED := --locked
endif

TARGET_DIR := $(or $(CARGO_TARGET_DIR),target)
ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help run build test test-nightly mutants bench schemathesis demo-network test-network lint format-check clippy tidy links docs clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: build ## Build and run the demo; options through ARGS="--packs 1000 --exit"
	@cargo run --release --quiet $(LOCKED) -p theriac-cli -- demo $(ARGS)

build: ## Build the program: target/release/theriac
	@scripts/tools.sh build
	cargo build --release $(LOCKED) -p theriac-cli

# The tests' own result lines come last.
test: ## Run all tests, after installing what they need
	@scripts/tools.sh test
	scripts/contracts.sh --check
	@scripts/foundry.sh ethers >/dev/null
	cargo test --workspace $(LOCKED) --no-run
	scripts/readme-check.sh $(TARGET_DIR)/debug/theriac
	cargo test --workspace $(LOCKED)

test-nightly: ## Test the contracts with 100,000 cases of each property (RUNS=…), about an hour
	@scripts/tools.sh test
	THERIAC_RUNS=$(or $(RUNS),100000) cargo test $(LOCKED) -p theriac-contract-tests --test prop --test histories -- --nocapture

mutants: ## Put faults into the contracts, one after the other: a test must find each
	@scripts/tools.sh test
	scripts/contracts.sh --check
	scripts/mutants.sh

bench: build ## Measure everything beside its budget; options through ARGS="--json FILE"
	@$(TARGET_DIR)/release/theriac bench all $(ARGS)

schemathesis: ## Ask a real node all that its OpenAPI document describes, rightly and wrongly
	cargo build $(LOCKED) -p theriac-cli
	scripts/schemathesis.sh $(TARGET_DIR)/debug/theriac

demo-network: build ## Start four validators, deploy, run the demo on them; options through ARGS="--packs 1000"
	@scripts/network.sh demo $(TARGET_DIR)/release/theriac $(ARGS)

test-network: ## Run the tests on four validators, after building the engine; not part of make test
	@scripts/tools.sh build
	@scripts/network.sh build >/dev/null
	cargo test $(LOCKED) -p theriac-cli --test network -- --ignored --nocapture --test-threads 1

lint: format-check clippy tidy links ## Check format, lints, sizes and links

format-check: ## Check the format (cargo fmt --all mends it)
	@scripts/tools.sh lint
	cargo fmt --all --check

clippy: ## Check the lints
	cargo clippy --workspace --all-targets $(LOCKED) -- -D warnings

tidy: ## Check sizes of functions and files, arrows between crates, promises, paths
	@scripts/tidy.sh
	@scripts/arrows.sh

links: ## Check that links and paths in documents exist
	@scripts/links.sh

docs: ## Build the documentation: target/doc
	RUSTDOCFLAGS="-D warnings" cargo doc --workspace --no-deps $(LOCKED)

clean: ## Remove what was built and installed
	cargo clean
	rm -rf contracts/node_modules .cache
