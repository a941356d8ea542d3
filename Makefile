# Every command a person needs, from a machine that has only Python 3.11+ and make. `make help` lists them.

PYTHON ?= python3
BIN := .venv/bin
export PATH := $(CURDIR)/$(BIN):$(PATH)
# Where Python may not keep what it has compiled, each of the many processes compiles everything again.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

install: .venv/installed ## Make the environment in .venv, from hash-pinned requirements

demo: .venv/installed ## Start everything with a fake Zendesk of 12,000 tickets; Ctrl-C stops it
	@exec $(BIN)/python -m deploy.demo

demo-reset: .venv/installed ## Throw the demo's data away
	@$(BIN)/python -m deploy.demo --reset

# Three at a time on two cores: much of what is tested is waiting.
test: .venv/installed-dev ## Set up what the tests need and run them (under 8 minutes on two cores)
	@sh tests/prepare_machine.sh
	$(BIN)/python -m pytest -n 3 --dist loadgroup

test-full: .venv/installed-dev ## The whole matrix: every test, on both databases (some 15 minutes)
	@sh tests/prepare_machine.sh
	$(BIN)/python -m pytest -n 3 --dist loadgroup --matrix full

bench-zendesk: .venv/installed-dev ## Measure the rate budget and the client (some 20 minutes); writes bench/RESULTS.md
	$(BIN)/python -m bench.zendesk --write

bench-sandbox: .venv/installed-dev ## Measure the fake Zendesk with a million tickets (some 5 minutes); writes bench/RESULTS.md
	$(BIN)/python -m bench.sandbox_speed --write

bench-jobs: .venv/installed-dev ## Measure whole jobs of up to 500,000 tickets (some 40 minutes); writes bench/RESULTS.md
	$(BIN)/python -m bench.jobs --sizes 500,5000,50000,500000 --macros 500,5000 --script 5000 --write

bench-web: .venv/installed-dev ## Measure the web app while 200 pages watch a job (some 20 minutes); writes bench/RESULTS.md
	$(BIN)/python -m bench.web --write

bench-pages: .venv/installed-dev ## Measure the console's pages after long use (some 5 minutes); writes bench/RESULTS.md
	$(BIN)/python -m bench.pages --write

chaos: .venv/installed-dev ## Break running jobs in 200 rounds (about an hour); writes bench/CHAOS.md. Ctrl-C, and it goes on next time
	@sh tests/prepare_machine.sh
	$(BIN)/python -m tests.chaos

lint: .venv/installed-dev ## Style, types, layers, templates, known insecure calls
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports
	$(BIN)/basedpyright
	$(BIN)/djlint --quiet --lint app/templates
	$(BIN)/bandit -q -ll -r app deploy celery_app.py run.py -c pyproject.toml

format: .venv/installed-dev ## Format the code
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

requirements: .venv/bin/uv ## Pin again, with hashes, what pyproject.toml asks for
	$(BIN)/uv pip compile -q --upgrade --universal --python-version 3.11 --generate-hashes \
		--custom-compile-command "make requirements" pyproject.toml -o requirements.txt
	$(BIN)/uv pip compile -q --upgrade --universal --python-version 3.11 --generate-hashes \
		--custom-compile-command "make requirements" --extra dev -c requirements.txt pyproject.toml -o requirements-dev.txt

.venv/bin/uv:
	@$(PYTHON) -c 'import sys; sys.exit("Giga Tools needs Python 3.11 or newer; this is " + sys.version.split()[0] + ". Try: make PYTHON=python3.12 install") if sys.version_info < (3, 11) else None'
	@$(PYTHON) -m venv .venv || { echo "Could not make a virtual environment. On Debian: apt-get install python3-venv" >&2; exit 1; }
	@$(BIN)/python -m pip install -q --disable-pip-version-check uv || echo "uv is not to be had here: pip does the same, more slowly." >&2
	@touch .venv/bin/uv

# uv takes seconds where pip takes half a minute; where uv cannot be had, pip checks the same hashes.
define sync
	@if $(BIN)/uv --version >/dev/null 2>&1; \
		then $(BIN)/uv pip sync -q --python $(BIN)/python --require-hashes $(1); \
		else $(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r $(1); fi
	@touch $(2)
endef

# The development set holds the other one, so whoever has it is not synced back by `make demo`.
.venv/installed: requirements.txt .venv/bin/uv
	$(call sync,$(if $(wildcard .venv/installed-dev),requirements-dev.txt,requirements.txt),$@)

.venv/installed-dev: requirements-dev.txt requirements.txt .venv/bin/uv
	$(call sync,requirements-dev.txt,$@)
	@touch .venv/installed

.PHONY: help install demo demo-reset test test-full bench-zendesk bench-sandbox bench-jobs bench-web bench-pages chaos lint format requirements
