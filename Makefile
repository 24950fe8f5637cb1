# make run | setup | test | test-long | bench | lint | check. Everything lives in .venv; Python 3.11 or newer makes it.

SHELL := /bin/sh
.DEFAULT_GOAL := run
PORT ?= 8000
VENV := .venv
PYTHON := $(VENV)/bin/python
PIP := $(PYTHON) -m pip --disable-pip-version-check --quiet
# The first of these that is new enough. PYTHON3=/path/to/python names another.
PYTHON3 ?= $(firstword $(foreach name,python3 python3.13 python3.12 python3.11 python3.14 python,$(shell \
	$(name) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && command -v $(name))))

.PHONY: run setup test test-long bench lint check

## The product, with demo data on the first run: http://127.0.0.1:8000, or PORT=
run: export DEBUG ?= 1
run: export PORT := $(PORT)
run: $(VENV)/.runs
	@$(PYTHON) manage.py migrate --no-input --verbosity 0
	@if [ "$$($(PYTHON) manage.py shell --no-imports -c \
		'from empower.staff.models import Property; print(Property.objects.exists())')" = False ]; then \
		echo "The first run: making the demo data, which takes a moment."; $(PYTHON) manage.py demo; fi
	@echo
	@echo "  Empower   http://127.0.0.1:$(PORT)/"
	@echo
	@echo "  Sign in with the password demo, as"
	@echo "    LAX      maria frontline, omar manager, grace general manager"
	@echo "    NYC      paul frontline, gina general manager"
	@echo "    all      chen leader, ada auditor"
	@echo "    set-up   admin"
	@echo
	@# The worker ends with the process that started it: this shell, which becomes gunicorn.
	@$(PYTHON) manage.py worker --beside $$$$ & \
	exec $(PYTHON) -m gunicorn ledger.wsgi --bind 127.0.0.1:$(PORT) --worker-class ledger.serving.Worker --workers 2 --threads 8 \
		--limit-request-line 8190 --no-control-socket --log-level warning

## The environment alone
setup: $(VENV)/.runs

## The whole suite: lint, floors, migrations, then the tests on SQLite and on PostgreSQL
test: $(VENV)/.tests
	@$(PYTHON) -m tests.run

## The same with the tests that take long, and many more examples of each property
test-long: export TEST_LONG := 1
test-long: test

## How fast the figures are with a million spends (SPENDS=, ENGINES="postgresql sqlite", TIMES=), beside DuckDB
bench: $(VENV)/.tests
	@$(PYTHON) -m tests.bench

lint: $(VENV)/.tests
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/lint-imports

## What a deployment should be asked: settings, migrations, requirements
check: $(VENV)/.runs
	$(PYTHON) manage.py check --deploy
	$(PYTHON) manage.py makemigrations --check --dry-run
	$(PYTHON) -m pip check

$(VENV)/bin/python:
	@if [ -z "$(PYTHON3)" ]; then \
		echo "Empower needs Python 3.11 or newer; none was found ($$(python3 --version 2>&1 || true)). PYTHON3=/path/to/python names one." >&2; \
		exit 1; \
	fi
	@echo "Making the environment in $(VENV) with $$($(PYTHON3) --version)."
	@$(PYTHON3) -m venv $(VENV) || { rm -rf $(VENV); echo "Could not make $(VENV): is Python's venv module installed (Debian: python3-venv)?" >&2; exit 1; }

# The stamps: what was installed last time need not be asked for again.
$(VENV)/.runs: requirements.txt | $(VENV)/bin/python
	@echo "Installing what the product needs."
	@$(PIP) install -r requirements.txt
	@touch $@

$(VENV)/.tests: tests/requirements.txt requirements.txt | $(VENV)/bin/python
	@echo "Installing what the product and its tests need."
	@$(PIP) install -r tests/requirements.txt
	@touch $(VENV)/.runs $@
