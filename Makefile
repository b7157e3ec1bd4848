# Every command of the project. `make` alone lists them. The first one that needs it sets up .venv by itself.

SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help demo run test test-fast check format build deploy validate evaluate mutate simulate benchmark backtest train lock schemas cold-start clean

VENV := .venv
PY := $(VENV)/bin/python
BIN := $(VENV)/bin
STAGE ?= dev
ARCHITECTURE ?= arm64
CORPUS ?=

help: ## List the commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

$(VENV)/.ready: requirements-dev.txt local/setup.sh
	@bash local/setup.sh $(VENV)

demo: $(VENV)/.ready ## Play a story of mails, calls and forms through the deployed template, on this machine
	@$(PY) -m local demo

run: $(VENV)/.ready ## Keep the same stack up: SMTP, HTTP, a folder for transcripts, a clock
	@$(PY) -m local run $(ARGS)

test: $(VENV)/.ready ## Run every test
	@$(PY) -m pytest $(ARGS)

check: $(VENV)/.ready validate ## Lint, types, template
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy

format: $(VENV)/.ready ## Put the code into shape
	@$(BIN)/ruff check --fix --quiet . ; $(BIN)/ruff format .

validate: $(VENV)/.ready ## Validate and lint template.yaml
	@AWS_DEFAULT_REGION=eu-west-1 SAM_CLI_TELEMETRY=0 $(BIN)/sam validate --lint

build: $(VENV)/.ready ## Build functions and layers for ARCHITECTURE (arm64 or x86_64); needs Python 3.13
	@SAM_CLI_TELEMETRY=0 PATH="$(CURDIR)/$(BIN):$$PATH" sam build --parameter-overrides Architecture=$(ARCHITECTURE)
	@$(MAKE) --no-print-directory -f layers/functions.mk bytecode

deploy: build ## Deploy to STAGE (dev, staging or prod) in your AWS account
	@SAM_CLI_TELEMETRY=0 PATH="$(CURDIR)/$(BIN):$$PATH" sam deploy --config-env $(STAGE)

cold-start: build ## Measure what the bytecode in the build is worth (trust the ratios only)
	@$(PY) -m local.built.cold_start $(or $(FUNCTION),email)

evaluate: $(VENV)/.ready ## Measure on a folder of real inputs: make evaluate CORPUS=dir
	@test -n "$(CORPUS)" || { echo "Say where the inputs are: make evaluate CORPUS=dir"; exit 2; }
	@$(PY) -m local evaluate "$(CORPUS)" $(ARGS)

mutate: $(VENV)/.ready ## Damage mails and read each; CORPUS=dir or the demo's, ARGS="--count 1000"
	@$(PY) -m local mutate $(if $(CORPUS),"$(CORPUS)") $(ARGS)

simulate: $(VENV)/.ready ## Play 100,000 histories of crashes, races and repetitions; ARGS="--replay SEED" or "--mutants"
	@$(PY) -m local simulate $(ARGS)

benchmark: $(VENV)/.ready ## What reading a mail costs, beside the standard library; CORPUS=dir reads those too; WHAT=triage, WHAT=cost
	@$(PY) -m local benchmark $(or $(WHAT),mail) $(if $(CORPUS),"$(CORPUS)") $(ARGS)

backtest: $(VENV)/.ready ## What a candidate would change: POLICY=dir and/or MODEL=file, over OVER=file or TABLE=name
	@$(PY) -m local backtest $(if $(POLICY),--policy "$(POLICY)") $(if $(MODEL),--model "$(MODEL)") $(if $(OVER),--over "$(OVER)") $(if $(TABLE),--table "$(TABLE)") $(ARGS)

train: $(VENV)/.ready ## Learn the triage's model from the labelled examples; ARGS=--check compares only
	@$(PY) -m local train $(ARGS)

schemas: $(VENV)/.ready ## Write the JSON Schemas of the events to docs/events
	@PYTHONPATH=.:layers/casework $(PY) -m local.schemas

lock: $(VENV)/.ready ## Lock every dependency with hashes
	@$(BIN)/uv pip compile --quiet --python-version 3.13 --generate-hashes --no-header --no-emit-index-url --no-emit-find-links layers/dependencies/requirements.in --output-file layers/dependencies/requirements.txt
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --no-emit-find-links --constraint layers/dependencies/requirements.txt requirements-dev.in --output-file requirements-dev.txt

clean: ## Remove what was built, and the laptop stack's files
	@rm -rf .aws-sam .local .mypy_cache .pytest_cache .ruff_cache .hypothesis
