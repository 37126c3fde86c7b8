# The verbs of the project; all but `help`, `setup` and `clean` run inside .venv, which `setup` makes.
# PYTHON=python3.12 chooses the interpreter of a new .venv; ISTHMUS_DATA names a directory of real data for the tests.

PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready

.PHONY: help setup demo test test-all check bench clean
.DEFAULT_GOAL := help

help:  ## print the verbs
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-9s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(READY)  ## make .venv with the package and its tools (again when pyproject.toml or constraints.txt changed)

$(READY): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "isthmus needs Python 3.11 or newer; choose one: make setup PYTHON=python3.12")'
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet torch==2.13.0
	$(BIN)/pip install --quiet -c constraints.txt -e '.[dev]'
	@touch $@

demo: STUDY = studies/world.yaml
demo: $(READY)  ## run a study on artificial languages, in minutes: its tables, and a report to open in a browser
	$(BIN)/isthmus run $(STUDY)
	@echo "The same command again has nothing left to do; more: $(BIN)/isthmus show $(STUDY) --effects"

check: $(READY)  ## lint, format, types
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy

# Test processes start workers of their own, so each computes on one thread; a file's tests stay in one process, in order.
test: export OMP_NUM_THREADS = 1
test: check  ## check, then every test under half a minute
	$(BIN)/pytest -m "not slow" -n 2 --dist loadfile

test-all: export OMP_NUM_THREADS = 1
test-all: check  ## check, then every test
	$(BIN)/pytest -n 2 --dist loadfile

bench: $(READY)  ## run the scripts of benchmarks/; benchmarks/RESULTS.md tells what they found
	@set -e; for script in $(sort $(wildcard benchmarks/[a-z]*.py)); do echo "== $$script"; $(BIN)/python $$script; done

clean:  ## remove caches and build products; .venv and the store stay
	rm -rf build dist src/*.egg-info .pytest_cache .hypothesis .mypy_cache .ruff_cache
	find src tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +
