# Everything that you do with Rolefit. `make` alone lists it.
PYTHON ?= python3
PORT ?= 8000
BASE_URL ?= http://localhost:$(PORT)
BIN = .venv/bin
# venv --without-pip and pip --python need neither python3-venv nor uv. They also work
# where the system calls its Python "externally managed".
PIP = $(PYTHON) -m pip --python $(BIN)/python --disable-pip-version-check --no-input install --quiet --require-hashes
PYTEST = DEBUG=1 $(BIN)/python -m pytest
# Two tests at a time. A worker keeps the order of pytest-django (tests whose transactions
# roll back come first); the default distribution of pytest-xdist does not change it.
WORKERS = -n 2
LOCK = $(BIN)/uv pip compile --quiet --universal --generate-hashes --python-version 3.11 --no-header $(UPGRADE)
AT_ONCE = tests/assessments/actions/test_coaching_concurrency.py tests/assessments/actions/test_coaching_at_once.py tests/content/test_seen_concurrency.py
ATTACKER = tests/assessments/queries/test_attacker.py
FUZZ = tests/assessments/admin/test_admin_fuzz.py
TEMPLATES = $$(find templates -name '*.html')
# The tests of engine, actions and queries, which must run every branch of them.
MEASURED = tests/engine tests/assessments/actions tests/assessments/queries
# Of `make bench`: results in the database, results beside daily jobs, people to score.
FEW ?= 1000
MANY ?= 1000000
BESIDE ?= 200000
PEOPLE ?= 100000
STATIC_ROOT ?= $(or $(DATA_DIR),var)/static
COLLECTED = $(STATIC_ROOT)/.collected

help: ## this list
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 16

setup: .venv/app ## install the packages from the lock file, nothing else
	@echo "Ready. Start the site with: make run"

run: export DEBUG = 0
run: export BASE_URL := $(BASE_URL)
run: .venv/app $(COLLECTED) ## the site on http://localhost:8000 (PORT=… for another)
	@echo "Preparing the database"
	@$(BIN)/python manage.py prepare
	@echo
	@echo "  The site       $(BASE_URL)"
	@echo "  The admin      $(BASE_URL)/admin/"
	@echo "  No account yet? On a new site: make demo. On your own: make staff"
	@echo "  Stop with Ctrl+C"
	@echo
	@PORT=$(PORT) exec $(BIN)/python -m rolefit

serve: export DEBUG = 0
serve: export BASE_URL := $(BASE_URL)
serve: export PORT := $(PORT)
serve: .venv/app $(COLLECTED) ## the same without preparing the database (HOST, WORKERS, THREADS: see README)
	@exec $(BIN)/python -m rolefit

dev: .venv/app ## the site with a server that reloads when a file changes
	DEBUG=1 $(BIN)/python manage.py prepare
	DEBUG=1 BASE_URL=$(BASE_URL) $(BIN)/python manage.py runserver localhost:$(PORT)

demo: export DEBUG = 0
demo: export BASE_URL := $(BASE_URL)
demo: .venv/app ## fill a new site with invented people and print how to sign in
	@echo "Preparing the database"
	@$(BIN)/python manage.py demo

staff: .venv/app ## make a staff account: asks for email, name and password
	@$(BIN)/python manage.py prepare
	@$(BIN)/python manage.py make_staff

test: .venv/dev ## every test: on SQLite, on a real PostgreSQL, and in a real browser
	@echo "== On SQLite"
	@$(PYTEST) -q $(WORKERS) -m "not browser"
	@echo "== On PostgreSQL, what leans on the database"
	@$(BIN)/python tools/with_postgres.py env DEBUG=1 $(BIN)/python -m pytest -q $(WORKERS) -m "database and not browser"
	@echo "== In a browser"
	@if $(BIN)/python tools/browser.py; then $(PYTEST) -q $(WORKERS) -m browser; \
	elif [ "$$REQUIRE_BROWSER" = 1 ]; then exit 1; \
	else echo "*** THE BROWSER TESTS WERE LEFT OUT: there is no browser. ***"; fi

quick: .venv/dev ## the tests that need neither browser nor PostgreSQL, without the slow ones
	@$(PYTEST) -q $(WORKERS) -m "not browser and not slow"

check: export SECRET_KEY = only-for-the-deployment-check-8f1c2d7ab3e94056b1d2
check: .venv/dev ## formatters, linters, types, templates, migrations, deployment, the repository itself
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy .
	$(BIN)/djade --target-version 5.2 --check $(TEMPLATES)
	$(BIN)/djhtml --tabwidth 2 --check $(TEMPLATES)
	$(BIN)/codespell
	$(BIN)/python manage.py makemigrations --check --dry-run
	BASE_URL=https://rolefit.example PROXIES=1 DEBUG=0 $(BIN)/python manage.py check --deploy --fail-level WARNING
	$(PYTEST) -q tests/test_repository.py
	$(MAKE) --no-print-directory coverage

coverage: export COVERAGE_PROCESS_START = pyproject.toml
coverage: export PYTHONPATH = tools/measure
coverage: .venv/dev ## check that the tests of engine, actions and queries run every branch of them
	@rm -rf var/coverage
	@mkdir -p var/coverage
	@$(PYTEST) -q $(WORKERS) $(MEASURED)
	@$(BIN)/coverage combine --quiet
	@$(BIN)/coverage report

fix: .venv/dev ## format the code and the templates as `make check` wants them
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(BIN)/djade --target-version 5.2 $(TEMPLATES) || true
	$(BIN)/djhtml --tabwidth 2 $(TEMPLATES)

lock: .venv/dev ## write the lock files from pyproject.toml (UPGRADE=--upgrade takes newer releases)
	$(LOCK) pyproject.toml -o requirements.txt
	$(LOCK) --group dev pyproject.toml -o requirements-dev.txt

bench: .venv/dev ## measure pages, visits, daily jobs, engine and simulation, with 1,000 and MANY=1000000 results: an hour
	$(BIN)/python tools/with_postgres.py --durable $(BIN)/python tools/bench_visits.py --few $(FEW) --many $(MANY)
	$(BIN)/python tools/with_postgres.py --durable $(BIN)/python tools/bench_beside.py --results $(BESIDE)
	$(BIN)/python tools/with_postgres.py $(BIN)/python tools/bench_quality.py --few $(FEW) --many $(BESIDE)
	$(BIN)/python tools/with_postgres.py $(BIN)/python tools/bench_groups.py --few 50 --many 5000
	ROLEFIT_REFERENCE_COUNT=$(PEOPLE) $(PYTEST) -q tests/engine/test_against_reference.py
	$(BIN)/python tools/speed_of_score.py --count $(PEOPLE)
	$(BIN)/python tools/simulate.py --people 100000
	$(BIN)/python tools/simulate_panels.py --runs 5000

soak: export CONCURRENCY_ROUNDS = 400
soak: export SCANNER_READS = 500
soak: export HISTORIES = 1000
soak: export FUZZED_REQUESTS = 2000
soak: .venv/dev ## 400 rounds of coaches and clients, 200 of editors at once, and 1,000 histories of sums on both databases, 1,000 reads of each link
	$(PYTEST) -q $(AT_ONCE) $(ATTACKER) $(FUZZ) tests/assessments/test_scanners.py
	$(BIN)/python tools/with_postgres.py env DEBUG=1 $(BIN)/python -m pytest -q $(AT_ONCE) $(ATTACKER) $(FUZZ)

test-faults: .venv/dev ## visitors save 5,000 times on each database while faults strike (COUNT=…): ten minutes
	$(BIN)/python tools/faults.py --count $(or $(COUNT),5000)

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit("Rolefit needs Python 3.11 or newer; say make PYTHON=… for another." if sys.version_info < (3, 11) else 0)'
	@$(PYTHON) -c 'import pip' || { echo "$(PYTHON) has no pip. On Debian: apt-get install python3-pip"; exit 1; }
	@echo "Making the Python environment in .venv"
	@$(PYTHON) -m venv --without-pip .venv

.venv/app: .venv/bin/python requirements.txt
	@echo "Installing the packages (about half a minute, once)"
	@$(PIP) -r requirements.txt
	@touch $@

.venv/dev: .venv/bin/python requirements-dev.txt
	@echo "Installing the packages for tests and checks (about a minute, once)"
	@$(PIP) -r requirements-dev.txt
	@touch $@ .venv/app

# Compressing takes seconds, so it is done only when a file or the packages have changed.
$(COLLECTED): $(shell find static -type f) requirements.txt | .venv/app
	@echo "Collecting and compressing the static files"
	@$(BIN)/python manage.py collectstatic --noinput --verbosity 0
	@touch $@

.DEFAULT_GOAL = help
.PHONY: help setup run serve dev demo staff test quick check coverage fix lock bench soak test-faults
