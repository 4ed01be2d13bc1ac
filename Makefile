# Every target works on a fresh clone with Python 3.11 or newer: .venv is made from the lock files on first use.

.DELETE_ON_ERROR:
.PHONY: demo run test test-secrets test-faults check bench soak lock clean

PORT ?= 8400
ARGS ?=
SIDE_BY_SIDE ?= 2
PY := .venv/bin/python
INSTALL := $(PY) -m pip install -qq --disable-pip-version-check --require-hashes --no-deps
LOCK := $(PY) -m uv pip compile --quiet pyproject.toml --universal --python-version 3.11 --generate-hashes \
	--custom-compile-command "make lock"

demo: .venv/run.stamp  ## everything on this machine, without any account: http://127.0.0.1:PORT
	@$(PY) -m bot demo --port $(PORT)

run: .venv/run.stamp  ## a real Slack workspace, as .env says
	@$(PY) -m bot run

test: .venv/dev.stamp  ## all tests, most of which wait, so two at a time; ARGS goes to pytest
	@$(PY) -m pytest -n $(SIDE_BY_SIDE) --dist loadfile $(ARGS)

test-secrets: .venv/dev.stamp  ## all tests, with canaries in every secret: red where one is seen (what CI runs)
	@$(PY) -m pytest -p tests.secrets.plugin -n $(SIDE_BY_SIDE) --dist loadfile $(ARGS)

test-faults: .venv/dev.stamp  ## kill -9 at every step, as a table (part of test too); FAULTS_JSON=file writes it as JSON
	@$(PY) -m tests.faults

check: .venv/dev.stamp  ## format, lint, types, imports, the rules' own tests
	@$(PY) -m ruff format --check .
	@$(PY) -m ruff check .
	@$(PY) -m mypy
	@.venv/bin/lint-imports
	@$(PY) -m pytest tests/domain

bench: .venv/dev.stamp  ## the figures we promise, beside the baseline of the same minute
	@$(PY) -m tests.bench $(ARGS)

soak: .venv/dev.stamp  ## hours of a team's work, a minute each; red when memory grows. ARGS="--hours 24" for a day
	@$(PY) -m tests.soak $(ARGS)

lock: .venv/dev.stamp  ## take the newest versions that pyproject.toml allows
	@$(LOCK) --upgrade --output-file requirements.lock
	@$(LOCK) --upgrade --group dev --constraint requirements.lock --output-file requirements-dev.lock

clean:  ## what make made; what the bot stored (.vocero) stays
	@rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache build dist *.egg-info
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/run.stamp: requirements.lock | .venv/bin/python
	@echo "Installing what Vocero needs into .venv (about a minute, this once) ..."
	@$(INSTALL) -r requirements.lock
	@touch $@

.venv/dev.stamp: requirements-dev.lock | .venv/bin/python
	@echo "Installing what Vocero and its tests need into .venv (about a minute, this once) ..."
	@$(INSTALL) -r requirements-dev.lock
	@touch .venv/run.stamp $@

# The newest Python that can make a virtual environment; else one sentence about what is lacking.
.venv/bin/python:
	@for python in python3.13 python3.12 python3.11 python3; do \
		$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || continue; \
		found=$$python; \
		$$python -c 'import ensurepip, venv' 2>/dev/null || continue; \
		rm -rf .venv && $$python -m venv .venv && exit 0; \
		echo "$$python could not make .venv: see above." >&2; exit 1; \
	done; \
	if [ -n "$$found" ]; then \
		echo "$$found has no venv module: install it (Debian and Ubuntu: apt install python3-venv), then try again." >&2; \
	else \
		echo "Vocero needs Python 3.11 or newer, and there is none: install it, then try again." >&2; \
	fi; exit 1
