# Each line calls the tool that does the work. `make demo` and `make test` do all their set-up.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: demo test lint bench nightly fuzz generate msrv clean

demo: .venv/wheel
	@$(BIN)/partner-center demo

test: .venv/test .venv/mobile
	@tests/install.sh
	@$(BIN)/python tests/run.py

lint: .venv/test
	@$(BIN)/python tests/run.py lint

# With BASE=REVISION: the Rust core against itself at that revision.
bench: .venv/bench
	@$(BIN)/python tests/bench/run.py $(BASE)

# What `make test` does by thousands, by the million: the rules for writes against a model of the
# service, and real requests against the emulator's truth; a run of ten thousand changes that is
# killed five hundred times; and every fault in real time.
nightly:
	PARTNER_CENTER_CUSTOMERS=10000 PARTNER_CENTER_KILLS=500 cargo test --locked --release -p partner-center --test bulk --features time-scale -- killed --nocapture
	PARTNER_CENTER_OPERATIONS=1000000 cargo test --locked -p partner-center --lib --features time-scale simulation
	PARTNER_CENTER_LOOPBACK=20000 cargo test --locked -p partner-center --test truth --features time-scale -- --nocapture
	cargo bench --locked -p partner-center --bench faults

# The Kotlin and Swift sources that are checked in.
generate:
	cargo build --locked -p partner-center-uniffi
	cargo run --locked -p partner-center-bindgen -- target/debug/libpartner_center_uniffi.so bindings-uniffi

# What reads foreign bytes, and the rules for writes, with a sanitizer, for so many seconds each.
FUZZ_SECONDS ?= 60
fuzz: $(addprefix fuzz-,$(notdir $(wildcard core/fuzz/seeds/*)))

fuzz-%: .venv/fuzz
	@mkdir -p target/corpus/$*
	cargo +nightly fuzz run --fuzz-dir core/fuzz --target-dir target/fuzz $* target/corpus/$* core/fuzz/seeds/$* -- -max_total_time=$(FUZZ_SECONDS)

.venv/fuzz:
	rustup toolchain install nightly --profile minimal
	cargo install --locked cargo-fuzz@0.13.2
	@mkdir -p $(@D) && touch $@

# The stated minimum Rust version is true: the library and the package build with it.
msrv:
	rustup toolchain install 1.89 --profile minimal
	CARGO_TARGET_DIR=target/msrv cargo +1.89 check --locked -p partner-center -p partner-center-python -p partner-center-uniffi

clean:
	rm -rf .venv target

.venv/pip:
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet 'pip==26.3'
	@touch $@

.venv/test: .venv/pip pyproject.toml
	$(BIN)/python -m pip install --quiet --group test
	@touch $@

# What is checked for phones cannot run here.
.venv/mobile: .venv/pip
	rustup target add aarch64-linux-android aarch64-apple-ios
	@touch $@

SOURCES := $(shell find core bindings-python/src bindings-python/python tests/server/src -name '*.rs' -o -name '*.py' -o -name '*.toml' -o -path '*/page/*') Cargo.toml Cargo.lock pyproject.toml
.venv/wheel: .venv/pip $(SOURCES)
	$(BIN)/python -m pip install --quiet --force-reinstall --no-deps .
	@touch $@

.venv/bench: .venv/test .venv/wheel
	$(BIN)/python -m pip install --quiet --group bench
	@touch $@
