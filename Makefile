# Two commands on a fresh machine: `make demo` sets up and checks the samples, `make test` sets up and runs every test.
PYTHON ?= python3
VENV := .venv
RUN := $(VENV)/bin

.PHONY: demo test lint setup samples bench clean

demo: setup
	$(RUN)/auditkit check samples/broken/*.* --exit-zero || test $$? = 3  # some samples cannot be checked in full

test: lint
	$(RUN)/pytest -n 2

lint: setup
	$(RUN)/ruff format --check .
	$(RUN)/ruff check .
	$(RUN)/mypy
	$(RUN)/lint-imports

setup: $(VENV)/ready

$(VENV)/ready: pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "auditkit needs Python 3.11 or newer: make PYTHON=python3.11")'
	$(PYTHON) -m venv $(VENV)
	$(RUN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	touch $@

samples: setup
	$(RUN)/python samples/make_samples.py

bench: setup
	$(RUN)/python bench/speed.py

clean:
	rm -rf $(VENV) build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache
