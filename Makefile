# The README's two commands are `make run` and `make test`; both set everything up first.
SHELL := /bin/bash
PYTHON ?= python3
BIN := .venv/bin
JOBS ?= 2
STAMP := .venv/.installed

.PHONY: help setup web run test lint types client portal-test pictures e2e bench docs schemas golden score coverage-of-corpus clean
help: ## Say what can be made
	@grep -E '^[a-z%-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

$(STAMP): requirements/dev.txt pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@test -x $(BIN)/uv || $(BIN)/pip install --quiet --disable-pip-version-check uv
	$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements/dev.txt
	HANDRAIL_WEB=skip $(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --editable .
	@touch $@

setup: $(STAMP) ## Install what is needed into .venv

web: setup ## Build the portal, if its sources changed
	@$(BIN)/python hatch_build.py

run: web ## Run the product on this machine, with its demo
	$(BIN)/handrail up --demo

lint: setup ## Style, import contracts
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports

types: setup ## Types, strictly
	$(BIN)/mypy

client: setup web ## Write the portal's API client anew from schemas/openapi.json
	cd portal && PATH=$(CURDIR)/$(BIN):$$PATH npm run --silent client

portal-test: web ## The portal's style, types and tests; its client is as generated
	cd portal && export PATH=$(CURDIR)/$(BIN):$$PATH && npm run --silent lint && npm run --silent test
	cd portal && export PATH=$(CURDIR)/$(BIN):$$PATH && rm -rf src/api-check && \
	  npm run --silent client -- --output src/api-check > /dev/null && \
	  { diff -r src/api src/api-check > /dev/null || { echo "portal/src/api is stale: make client"; rm -rf src/api-check; exit 1; }; } && \
	  rm -rf src/api-check

test: lint types portal-test ## Everything that must be green
	$(BIN)/pytest -n $(JOBS) --dist loadfile

e2e: setup ## Only the stories that run real processes
	$(BIN)/pytest tests/e2e -n 1

bench: bench-hub bench-quarantine bench-snapshot bench-ingest bench-scan bench-catalog bench-portal bench-portal_flow ## Every benchmark

bench-%: setup ## One benchmark; its last line is JSON
	$(BIN)/python benchmarks/$*.py

score: setup ## Score handrail scan on the shared flows and their labels; prints JSON
	@$(BIN)/python -m tests.rigs.score

coverage-of-corpus: setup ## What share of the shared flows is understood; its last line is JSON
	@$(BIN)/python -m tests.rigs.corpus

pictures: web ## Take the README's pictures anew; look at them before you commit them
	TEST_README_PICTURES=1 $(BIN)/pytest tests/e2e/test_portal_pages.py -q -k picture_can_be_made

docs: setup ## Write the generated reference
	$(BIN)/python docs/generate.py

schemas: setup ## Write the JSON Schemas and the OpenAPI document
	$(BIN)/python docs/schemas.py

golden: setup ## Write the golden files anew; read the difference before you commit it
	TEST_GOLDEN=write $(BIN)/pytest tests/golden -q

clean: ## Remove what was installed and cached
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .cache
