# Everything starts here: `make help` lists what there is. Needs only make and Python 3.11+.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
UV := $(BIN)/uv
COMPILE := $(UV) pip compile --quiet --universal --generate-hashes --no-header --python-version 3.11

LIGHTHOUSE := tests/dashboard/lighthouse

.DEFAULT_GOAL := help
.PHONY: help refresh dashboard test soak lint format dev bench lock setup setup-dev clean

help: ## show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

refresh: setup ## set everything up and run the main job on the bundled sample, offline
	$(BIN)/observatory refresh --sample --offline

dashboard: refresh ## build the sample and show its site on this machine
	$(BIN)/observatory serve

test: setup-dev ## set everything up and run the tests
	$(BIN)/python -m pytest -q -n 2 --dist loadfile --no-loadscope-reorder

soak: setup-dev $(LIGHTHOUSE)/node_modules ## fifty kills, thirty nights, Lighthouse (ten minutes)
	$(BIN)/python -m pytest -q -n 2 --dist loadfile -m soak

$(LIGHTHOUSE)/node_modules: $(LIGHTHOUSE)/package-lock.json
	@if command -v npm >/dev/null; then npm ci --prefix $(LIGHTHOUSE) && touch $@; else echo "No npm here: Lighthouse is left out." >&2; fi

lint: setup-dev ## style, types and SQL
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/sqlfluff lint --processes 2 -q dbt_like_models sql

format: setup-dev ## rewrite the Python as `make lint` wants it
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

dev: setup ## open the Dagster UI on OBSERVATORY_HOME (default var/); LIVE=1 asks publishers by itself
	$(BIN)/python -m assets.dev $(if $(LIVE),--live)

bench: setup-dev ## measure against the named peers (needs the shared corpus)
	$(BIN)/python -m bench

setup: $(VENV)/.run ## only set up what `make refresh` needs

setup-dev: $(VENV)/.dev ## only set up what `make test` and `make lint` need

$(VENV)/.uv: requirements/uv.txt
	@$(PYTHON) -c 'import sys; sys.exit("The observatory needs Python 3.11 or newer; this is %s. Name another with PYTHON=..." % sys.version.split()[0] if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/uv.txt
	@touch $@

$(VENV)/.run: $(VENV)/.uv requirements/run.txt pyproject.toml
	$(UV) pip install --quiet --compile-bytecode --python $(BIN)/python --require-hashes -r requirements/run.txt
	$(UV) pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.dev: $(VENV)/.run requirements/dev.txt
	$(UV) pip install --quiet --compile-bytecode --python $(BIN)/python --require-hashes -r requirements/dev.txt
	@touch $@

lock: $(VENV)/.uv ## make the lock files again (they hold hashes, and name no host)
	$(COMPILE) requirements/uv.in -o requirements/uv.txt
	$(COMPILE) pyproject.toml requirements/build.in -o requirements/run.txt
	$(COMPILE) --extra dev -c requirements/run.txt pyproject.toml requirements/build.in -o requirements/dev.txt

clean: ## remove the virtual environment and caches (never the state in var/)
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis *.egg-info
