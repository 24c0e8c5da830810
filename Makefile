# Thin names over real commands. `make demo` and `make test` do their own set-up on a fresh clone.
PORT ?= 8000
PY := .venv/bin/python
# In two halves, and who is done first takes from the end of the other: the demo of the browser tests is built once.
PYTEST := $(PY) -m pytest -n auto --dist worksteal
APPS := spaces tenants frontend
OLD_CHROMIUM_DIR := var/chromium92

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help demo test engines test-sqlite test-postgres thorough screens map lives lint format words vendor bench bench-national old-chromium setup setup-dev

# A machine without a home: pip and npm would write their caches to /.
ifeq ($(strip $(HOME)),)
export HOME := $(CURDIR)/var/home
endif
# The browser tests skip the old browser when this is empty.
ifneq ($(wildcard $(OLD_CHROMIUM_DIR)/chromium),)
export OLD_CHROMIUM ?= $(CURDIR)/$(OLD_CHROMIUM_DIR)/chromium
endif

# Where this is set, each of the many processes would compile the same files again.
unexport PYTHONDONTWRITEBYTECODE

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile | while IFS="$$(printf '\t')" read -r name what; do \
	  printf '  make %-14s %s\n' "$$name" "$$what"; done

# Asked before the database is filled. Two servers with SO_REUSEPORT could share a port without a word.
define PORT_IS_FREE
import socket, sys
with socket.socket() as listener:
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(("127.0.0.1", int(sys.argv[1])))
    except (OSError, OverflowError, ValueError) as error:
        sys.exit(f"Port {sys.argv[1]} cannot be used ({error}). Choose another one: make demo PORT=8123")
endef
export PORT_IS_FREE

# A terminal sends Ctrl-C to the workers too, and a granian worker that is stopped twice may hang. So all of granian is
# deaf to it, and the shell passes it on, once, to the main process.
define SERVE
import os, signal, sys
signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
os.execv(sys.executable, [sys.executable, "-m", "granian", *sys.argv[1:]])
endef
export SERVE

# Links in mails and in calendar feeds lead to the port that is served.
demo: export SITE_URL ?= http://127.0.0.1:$(PORT)
demo: setup ## fill the demo province and serve it (PORT=8000)
	@$(PY) -c "$$PORT_IS_FREE" "$(PORT)"
	@mkdir -p var/static
	@DEBUG=1 $(PY) manage.py demo --prepare
	@echo "Hatchery is on http://127.0.0.1:$(PORT)/  (Ctrl-C ends it)"
	@DEBUG=1 nice $(PY) manage.py worker & worker=$$!; \
	DEBUG=1 GRANIAN_BLOCKING_THREADS=4 $(PY) -c "$$SERVE" --interface wsgi --host 127.0.0.1 --port "$(PORT)" --workers 2 \
	  --respawn-failed-workers --workers-kill-timeout 5 --no-ws --log-level warning config.wsgi:application & \
	server=$$!; code=1; trap "kill $$server" INT TERM HUP; \
	while kill -0 $$server 2>/dev/null; do wait $$server; code=$$?; done; kill $$worker 2>/dev/null; exit $$code

# Tests marked `engine` try every address, role, value or order of writers in turn: a fault that they alone find is rare.
test: export ENGINES := not engine
test: lint test-sqlite test-postgres ## lint, then the tests on SQLite, then on PostgreSQL (TEST_DATABASE_URL); no engines

engines: export ENGINES := engine
engines: test-sqlite test-postgres ## the longer tests: every page by every role, hostile values, races, random lives

# Of an empty ENGINES: every test.
MARKED = $(if $(ENGINES), and ($(ENGINES)))

test-sqlite: setup-dev ## every test on SQLite, with a browser if there is one
	@mkdir -p var
	@for browser in "$$CHROMIUM" chromium-headless-shell chromium chromium-browser google-chrome google-chrome-stable; do \
	  browser=$$(command -v "$$browser") && "$$browser" --version >/dev/null 2>&1 && break; browser=; done; \
	if [ -n "$$CI" ] && [ -z "$$browser" ]; then echo "CI needs Chromium: install it, or set CHROMIUM." >&2; exit 1; fi; \
	if [ -n "$$CI" ] && [ -z "$$OLD_CHROMIUM" ]; then echo "CI needs the old Chromium: make old-chromium" >&2; exit 1; fi; \
	unset DATABASE_URL; \
	if [ -n "$$browser" ]; then CHROMIUM="$$browser" $(PYTEST) -m "$(ENGINES)"; \
	else code=0; $(PYTEST) -m "not browser$(MARKED)" || code=$$?; \
	  echo "The browser tests were left out: install chromium, or set CHROMIUM to one."; exit $$code; fi

# What touches a constraint, a lock or the ledger runs on both (the mark both_databases); all else on SQLite alone.
test-postgres: setup-dev ## every test marked both_databases on PostgreSQL
	@mkdir -p var
	@if [ -n "$$TEST_DATABASE_URL" ]; then DATABASE_URL="$$TEST_DATABASE_URL" \
	  $(PYTEST) -p no:schemathesis -m "both_databases$(MARKED)" --ignore=tests/spaces/test_api_schema.py tests/spaces tests/tenants tests/test_suite.py tests/frontend/test_one_answer.py tests/frontend/test_park_moves.py tests/frontend/test_restated_figures.py; \
	elif [ -n "$$CI" ]; then echo "CI needs PostgreSQL: set TEST_DATABASE_URL." >&2; exit 1; \
	else echo "PostgreSQL was left out. To test on it, name a role that may create databases and the extension btree_gist:"; \
	  echo "  TEST_DATABASE_URL=postgres://hatchery:hatchery@127.0.0.1:5432/hatchery make test"; fi

screens: setup-dev ## a picture of every page by role, width and language, with its faults, in var/screens/index.html
	@$(PY) -m tests.screens $(SCREENS)

map: setup-dev ## the packages in their layers, drawn from the imports (docs/images/map.svg)
	@$(PY) -m tests.map

thorough: ## all tests with every case of every table of cases, where it takes each once (tests/thorough.py)
	@THOROUGH=1 $(MAKE) --no-print-directory test-sqlite test-postgres

lives: setup-dev ## thousands of random lives (LIVES=2000) and races (ATTEMPTS=10000), on SQLite or on DATABASE_URL
	@mkdir -p var
	LIVES=$${LIVES:-2000} ATTEMPTS=$${ATTEMPTS:-10000} $(PY) -m pytest -q tests/tenants/test_machine.py tests/spaces/test_races.py

# Two at a time, the longest first; each tells its own in one piece, and all are run even where one fails.
define CHECKS
$(PY) -m mypy
$(PY) manage.py makemigrations --check --dry-run --settings tests.settings
.venv/bin/lint-imports
find $(APPS) -path '*/templates/*.html' -print0 | xargs -0 -r .venv/bin/djade --target-version 6.1 --check
$(PY) -m ruff check
$(PY) -m ruff format --check
endef
export CHECKS

lint: setup-dev ## ruff, import-linter, mypy, djade, missing migrations
	@printf '%s\n' "$$CHECKS" | tr '\n' '\0' | xargs -0 -n 1 -P 2 sh -c \
	  'printed=$$(eval "$$1" 2>&1); code=$$?; printf "%s\n" "$$1" "$$printed"; [ $$code = 0 ] || { echo "FAILED: $$1"; exit 1; }' check

format: setup-dev ## write what lint only checks
	$(PY) -m ruff check --fix-only
	$(PY) -m ruff format
	find $(APPS) -path '*/templates/*.html' -print0 | xargs -0 -r .venv/bin/djade --target-version 6.1

# Sorted, without places and dates: two people who add words do not meet in the same lines.
words: setup-dev ## gather and compile the Chinese catalogues (needs gettext)
	@command -v msgfmt >/dev/null || { echo "gettext is missing (Debian: apt-get install gettext)." >&2; exit 1; }
	@for app in $(APPS); do ( mkdir -p $$app/locale && cd $$app && po=locale/zh_Hans/LC_MESSAGES/django.po && \
	  ../$(PY) ../manage.py makemessages --locale zh_Hans --no-location --no-wrap --no-obsolete --settings tests.settings && \
	  msgattrib --no-wrap --sort-output --output-file $$po.new $$po && \
	  sed -e '/^"POT-Creation-Date:/d' -e '/^"Report-Msgid-Bugs-To:/d' $$po.new >$$po && rm $$po.new && \
	  ../$(PY) ../manage.py compilemessages --locale zh_Hans --settings tests.settings ) || exit 1; done

# PurgeCSS keeps of Tabler what a template, script or module names: run this when one takes a class that is not in the sheet.
vendor: ## make the vendored browser files again (npm): Tabler's used rules, htmx, the charts that are drawn
	@command -v npm >/dev/null || { echo "npm is missing (Debian: apt-get install npm)." >&2; exit 1; }
	@mkdir -p var/vendor && cp .ci/vendor/package*.json .ci/vendor/build.mjs var/vendor/
	@cd var/vendor && npm ci --silent --no-audit --no-fund && node build.mjs "$(CURDIR)"

bench: setup ## ledger, vacancy search and pages against the best SQL and a trivial page (docs/performance.md)
	@mkdir -p var/static
	@DEBUG=1 $(PY) -m tests.bench

bench-national: setup ## the month ledger at 1.6 million units, on PostgreSQL (BENCH_DATABASE_URL; an hour)
	@mkdir -p var/static
	@DEBUG=1 $(PY) -m tests.bench.national

# Government desktops still run Chromium 90 to 93. This one needs x86-64 Linux and the libraries of any chromium package.
old-chromium: $(OLD_CHROMIUM_DIR)/chromium ## fetch Chromium 92 (50 MB, npm) for one smoke test

$(OLD_CHROMIUM_DIR)/chromium: | setup-dev
	@command -v npm >/dev/null || { echo "npm is missing (Debian: apt-get install npm)." >&2; exit 1; }
	@rm -rf $(OLD_CHROMIUM_DIR) && mkdir -p $(OLD_CHROMIUM_DIR)
	@cd $(OLD_CHROMIUM_DIR) && npm pack --silent @sparticuz/chromium@92.0.0
	@cd $(OLD_CHROMIUM_DIR) && echo "ae2070e08840e30bb50dbfffe9824d428d46445436bf08147e7f9102294a28ca  sparticuz-chromium-92.0.0.tgz" | sha256sum --check --quiet
	@cd $(OLD_CHROMIUM_DIR) && tar -xzf sparticuz-chromium-92.0.0.tgz package/bin/chromium.br package/LICENSE
	@cd $(OLD_CHROMIUM_DIR) && ../../$(PY) -c "import brotli, pathlib as p; p.Path('new').write_bytes(brotli.decompress(p.Path('package/bin/chromium.br').read_bytes()))"
	@cd $(OLD_CHROMIUM_DIR) && chmod +x new && rm -rf package/bin *.tgz
	@cd $(OLD_CHROMIUM_DIR) && ./new --headless --no-sandbox --disable-gpu --dump-dom 'data:text/html,<p>it starts</p>' 2>/dev/null | grep -q 'it starts' \
	  || { echo "Chromium 92 does not start here: it needs x86-64 Linux and the libraries that a chromium package brings." >&2; exit 1; }
	@mv $(OLD_CHROMIUM_DIR)/new $@ && echo "Chromium 92 is in $@"

setup:
	@sh .ci/setup requirements.lock

setup-dev:
	@sh .ci/setup requirements-dev.lock
