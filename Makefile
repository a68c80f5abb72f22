# The one door. Every target sets up all it needs; setting up prints to stderr, so that stdout belongs to the target.
MAKEFLAGS += --no-print-directory
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c

VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
ARGS ?=
# Else each process compiles all of Amicable anew: half of what a test waits for when it starts one.
unexport PYTHONDONTWRITEBYTECODE
# Of what pip says, how far it is: a line for ten packages each, and one before the long silence that follows.
PROGRESS := /^Collecting / {if (++n % 10 == 0) {print "  " n " packages fetched"; fflush()}} \
  /^Installing collected/ {print "  " n " are fetched; unpacking them says nothing until it is done"; fflush()}
PYTHONS := python3.13 python3.12 python3.11 python3

.PHONY: install sandbox test check bench pictures lock audit

install: $(STAMP)
	@:

$(STAMP): requirements/dev.txt pyproject.toml
	@exec >&2; \
	if ! [ -x $(BIN)/python ] || ! $(BIN)/python -c 'import pip' 2>/dev/null; then \
	  for python in $(PYTHONS); do \
	    $$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && break || python=; \
	  done; \
	  if [ -z "$$python" ]; then \
	    echo "Amicable needs Python 3.11 or newer, and none of these is: $(PYTHONS). Please install one and try again."; exit 1; \
	  fi; \
	  echo "Setting up $(VENV) with $$($$python --version) ..."; \
	  $$python -m venv $(VENV) || { echo "Python could not make $(VENV). On Debian or Ubuntu: apt-get install python3-venv"; exit 1; }; \
	fi; \
	echo "Installing what Amicable needs, once: a minute or two, up to ten on a slow or busy machine ..."; \
	$(BIN)/python -m pip install --progress-bar off --disable-pip-version-check --no-deps --require-hashes -r requirements/dev.txt \
	  2> >(grep -v '^WARNING' >&2) | awk '$(PROGRESS)'; \
	$(BIN)/python -m pip install -qq --disable-pip-version-check --no-deps --no-build-isolation -e .; \
	touch $@

sandbox: $(STAMP)
	@$(BIN)/amicable sandbox $(ARGS)

# Branch coverage traces every line in Python, so it is asked for: make test ARGS="--cov --cov-report=term".
run_tests = $(BIN)/pytest -n auto --dist worksteal $(ARGS)

test: $(STAMP)
	@$(run_tests)

check: $(STAMP)
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(run_tests)

bench: $(STAMP)
	@$(BIN)/python tests/bench/run.py $(ARGS)

pictures: $(STAMP)
	@CI=true $(BIN)/pytest tests/browser/pictures.py -q $(ARGS)

compile = $(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -q pyproject.toml

lock: $(STAMP)
	@$(compile) -o requirements/runtime.txt
	@$(compile) --extra dev -c requirements/runtime.txt -o requirements/dev.txt

audit: $(STAMP)
	@$(BIN)/python -m tests.bench.audit
