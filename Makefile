# The three commands: make run, make test, make bench. Each installs what it needs first.
SHELL := /bin/bash
# The environment is made of the system's own Python where it is recent enough: distributions build theirs with a profile
# of what programs do, and it runs a fifth faster than one built plainly. `make PYTHON=...` says otherwise.
SYSTEM := /usr/bin/python3
ifeq ($(origin PYTHON),undefined)
PYTHON := python3
RUNS := $(shell $(SYSTEM) -c 'import ctypes, sqlite3, ssl, sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $(SYSTEM) || echo $(PYTHON))
else
RUNS := $(PYTHON)
endif
PORT ?= 8010
DATA ?= data/demo
BIN := .venv/bin
UV := .uv/bin/uv
# Node comes from the machine when it is recent enough, from PyPI otherwise.
NODE_OK := $(shell command -v node >/dev/null && command -v npm >/dev/null && node -e 'process.exit(+process.versions.node.split(".")[0] >= 20 ? 0 : 1)' && echo yes)
NPM := $(if $(NODE_OK),npm,PATH="$(CURDIR)/$(BIN):$$PATH" $(CURDIR)/$(BIN)/npm)

.PHONY: help install run test check check-python check-console soak bench reference lock clean
help:  ## show the commands
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

install: .venv/.run .venv/.built  ## make .venv and build

.uv/.made: requirements/uv.txt
	@echo "Making the virtual environment…"
	$(PYTHON) -m venv .uv
	.uv/bin/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements/uv.txt
	@touch $@

.venv/.made: .uv/.made
	$(UV) venv -q --clear --python $(RUNS) .venv
	@touch $@

.venv/.run: .venv/.made requirements/run.txt pyproject.toml
	$(UV) pip install -q --compile-bytecode --python $(BIN)/python --require-hashes -r requirements/run.txt
	$(UV) pip install -q --python $(BIN)/python --no-deps --no-build-isolation -e .
	$(if $(NODE_OK),,$(UV) pip install -q --python $(BIN)/python --require-hashes -r requirements/node.txt)
	@touch $@

.venv/.test: .venv/.run requirements/test.txt
	$(UV) pip install -q --compile-bytecode --python $(BIN)/python --require-hashes -r requirements/test.txt
	@touch $@

console/node_modules/.package-lock.json: console/package-lock.json .venv/.run
	cd console && $(NPM) ci --no-fund --no-audit --loglevel=error
	@touch $@

# The referential of the collectivités, the type of printed pages and the page served at / are built from npm packages. Bytecode is written once:
# an instance starts in half the time.
.venv/.built: console/node_modules/.package-lock.json $(shell find console/src console/*.json console/*.ts console/index.html -type f 2>/dev/null) beffroi/registry/referential/build.py beffroi/pooling/paper/fonts.py
	$(BIN)/python -m beffroi.registry.referential.build console/node_modules/@etalab/decoupage-administratif
	$(BIN)/python -m beffroi.pooling.paper.fonts console/node_modules/@fontsource-variable/atkinson-hyperlegible-next
	cd console && $(NPM) run --silent build
	$(BIN)/python -m compileall -q beffroi
	@touch $@

run: install  ## install, start the demonstration territory, print its address
	@$(BIN)/beffroi demo --data $(DATA) --port $(PORT)

# Files of tests are shared out over the processors, in the order of tests/conftest.py: long ones first.
test: install .venv/.test check  ## every check and test
	$(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder

# The program and the console are checked side by side, and each tells what it has to say in one piece.
check: install .venv/.test
	@$(MAKE) --no-print-directory -j2 --output-sync=target check-python check-console

check-python:
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/mypy

check-console:
	cd console && $(NPM) run --silent check

soak: install .venv/.test  ## the long campaigns: fuzzing, kills
	BEFFROI_SOAK=1 $(BIN)/python -m pytest

bench: install .venv/.test  ## measure beside peers; write benchmarks/results/ and the page on performance
	$(BIN)/python -m benchmarks

reference: install  ## write the generated pages of the documentation, and console/openapi.json
	$(BIN)/python tools/reference.py
	$(BIN)/python -m benchmarks.page

lock: .uv/.made  ## renew the locked versions (no download address is written)
	for each in uv node; do $(UV) pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate requirements/$$each.in -o requirements/$$each.txt; done
	$(UV) pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate pyproject.toml --group test -o requirements/test.txt
	$(UV) pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate pyproject.toml --group build -c requirements/test.txt -o requirements/run.txt

clean:
	rm -rf .uv .venv console/node_modules dist build
