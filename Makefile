# Rightplace: two commands are the whole set-up.
#   make run    serve the demo consortium on http://127.0.0.1:8000
#               (PORT, DATABASE_URL, RIGHTPLACE_DATA are honoured; DEMO=small loads three boroughs, quickly)
#   make test   everything that is checked, against a real PostgreSQL

PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$p; exit; }; done; echo python3)
PORT ?= 8000
DEMO ?= full
WORKERS ?= 2
BIN := .venv/bin

export PYTHONDONTWRITEBYTECODE :=
.PHONY: help run test fuzz check assure wheel assets requirements audit sbom mutants clean
.DEFAULT_GOAL := help

help: ## this list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | awk -F'\t' '{printf "  make %-13s %s\n", $$1, $$2}'

run: ## set up what is missing and serve; Ctrl+C stops it, the data stays
	@$(PYTHON) tools/prepare.py
	@PORT=$(PORT) DEMO=$(DEMO) $(BIN)/rightplace serve --demo

test: ## style, types, floors, templates, then every test
	@$(PYTHON) tools/prepare.py --dev
	@$(BIN)/python tools/run_tests.py --workers $(WORKERS)

fuzz: ## send the API fifty thousand made-up requests (FUZZ_CASES, FUZZ_SEED)
	@$(PYTHON) tools/prepare.py --dev
	@FUZZ_CASES=$${FUZZ_CASES:-50000} $(BIN)/pytest tests/api/test_fuzz.py -q -s --timeout 0

check: ## style, types, floors and templates only
	@$(PYTHON) tools/prepare.py --dev
	@$(BIN)/python tools/run_tests.py --checks-only

assure: ## the long parts of docs/reference/assurance.md, at most four hours; ROW=10 one row, WRITE=1 keeps the figures
	@$(PYTHON) tools/prepare.py --dev
	@$(BIN)/python tools/assure.py $(if $(ROW),--row $(ROW)) $(if $(WRITE),--write)

assets: ## fetch the front-end files
	@$(PYTHON) tools/prepare.py
	@$(BIN)/python -m rightplace.site.assets

wheel: ## a wheel with its front-end files, in dist/
	@$(PYTHON) tools/prepare.py
	@$(BIN)/uv build --wheel --out-dir dist

requirements: ## write requirements.txt (with hashes) from the lock, for those who install with pip
	@$(PYTHON) tools/prepare.py
	@$(BIN)/uv export --frozen --no-dev --no-emit-project --quiet --output-file requirements.txt

audit: ## known vulnerabilities of what the product runs on (asks a database in the network)
	@$(PYTHON) tools/prepare.py --dev
	@$(BIN)/python tools/check_supply.py --audit

sbom: ## a bill of materials of what the product runs on, in dist/sbom.json (CycloneDX)
	@$(PYTHON) tools/prepare.py --dev
	@mkdir -p dist
	@$(BIN)/cyclonedx-py requirements requirements.txt --output-reproducible --output-format JSON --output-file dist/sbom.json
	@echo "dist/sbom.json"

mutants: ## change the code on purpose and see whether a test notices (minutes)
	@$(PYTHON) tools/prepare.py --dev
	@$(BIN)/python tools/mutate.py

clean: ## remove what was made here, but not the data in var/
	rm -rf .venv dist node_modules rightplace/desks/layout/static/vendor .mypy_cache .ruff_cache .pytest_cache
