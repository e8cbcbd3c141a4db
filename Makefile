# One command each. Every target does its own set-up.
# PYTHON=/path/to/python chooses one; else the first of these that is new enough.
NEW_ENOUGH := -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))'
PYTHON ?= $(shell for name in python3 python3.13 python3.12 python3.11; do \
  $$name $(NEW_ENOUGH) >/dev/null 2>&1 && echo $$name && break; done)
TOO_OLD := "Openbell needs Python 3.11, 3.12 or 3.13: install one, or name it with PYTHON=/path/to/python3.12."
VENV := .venv
BIN := $(VENV)/bin
UV := $(shell command -v uv 2>/dev/null)

# uv where there is one, pip otherwise; both check the hashes and say what they do.
ifdef UV
CREATE = $(UV) venv --quiet --clear --python $(PYTHON) $(VENV)
INSTALL := $(UV) pip install --python $(BIN)/python --no-deps --require-hashes
else
CREATE = $(PYTHON) -m venv --clear $(VENV)
INSTALL := $(BIN)/python -m pip install --disable-pip-version-check --no-compile --no-deps --require-hashes
endif

.PHONY: demo test pythons check attacks conformance stoqey model campaign teeth mutants universe steps years replay real soak races bench scorecard streaming image installs pictures lock clean
TRIALS ?= 10000
SEED ?= 1
SEEDS ?= 200
YEARS ?= 1
DAYS ?= 250
ONE_EACH = $(if $(JOBS),--jobs $(JOBS))  # JOBS=1: on one core; else on all
unexport PYTHONDONTWRITEBYTECODE  # what is compiled once is read by each bot that is started
.DELETE_ON_ERROR:

demo: $(VENV)/.run           ## the whole product on this machine: no accounts
	@$(BIN)/python -m bot demo $(ARGS)

test: $(VENV)/.dev           ## every test, with branch coverage
	@$(BIN)/python -m tests.run $(ARGS)

real: $(VENV)/.dev           ## the tests that need processes, threads or a browser
	@$(BIN)/python -m tests.run -m real_time $(ARGS)

pythons: $(VENV)/.dev        ## a short part of the tests on every other Python that is here
	@$(BIN)/python -m tests.pythons

check: $(VENV)/.dev          ## lint, strict types, import contracts
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

attacks: $(VENV)/.dev        ## each line of the hostile reading, played and counted
	@$(BIN)/python -m tests.attacks $(ARGS)

conformance: $(VENV)/.dev    ## the simulated gateway, judged by eight TWS clients
	@$(BIN)/python -m tests.conformance.run $(ARGS)

stoqey: $(VENV)/.dev         ## the gateway tests of @stoqey/ib, against the simulated gateway
	@$(BIN)/python -m tests.conformance.stoqey $(ARGS)

model: $(VENV)/.dev          ## every state of the order protocol
	@$(BIN)/python -m tests.model.run

campaign: $(VENV)/.dev       ## kill the bot at every write-ahead point: TRIALS=40 for a short one
	@$(BIN)/python -m tests.campaign.run --trials $(TRIALS) --seed $(SEED)

teeth: $(VENV)/.dev          ## put bugs in, and see which test catches each
	@$(BIN)/python -m tests.teeth.run $(ONE_EACH) $(ARGS)

mutants: $(VENV)/.dev        ## make each thing wrong that can be, where money moves
	@$(BIN)/python -m tests.mutants.run $(ARGS)

universe: $(VENV)/.dev       ## trading days in simulated time, with faults at will: SEEDS=200
	@PYTHONHASHSEED=0 $(BIN)/python -m tests.simulation.universe $(ONE_EACH) --seeds $(SEEDS) $(ARGS)

steps: $(VENV)/.dev          ## the days made to meet one step of an order each, or to have certain buttons pressed
	@PYTHONHASHSEED=0 $(BIN)/python -m tests.simulation.universe $(ONE_EACH) --steps

years: $(VENV)/.dev          ## every session of so many years, end to end: YEARS=1
	@PYTHONHASHSEED=0 $(BIN)/python -m tests.simulation.years --years $(YEARS) $(ARGS)

replay: $(VENV)/.dev         ## one of those days again: TOKEN=17
	@PYTHONHASHSEED=0 $(BIN)/python -m tests.simulation.replay $(TOKEN) $(ARGS)

soak: $(VENV)/.dev           ## one bot through so many jumped sessions: DAYS=250
	@$(BIN)/python -m tests.soak.run --days $(DAYS) $(ARGS)

races: $(VENV)/.dev          ## 64 connections for each of 1,000 cards at once
	@$(BIN)/python -m tests.core.store.racing

bench: $(VENV)/.dev          ## how fast it is
	@$(BIN)/python -m tests.bench.run $(ARGS)
	@$(BIN)/python -m tests.bench.streaming

scorecard: $(VENV)/.dev      ## 200 random walks through the score, a planted edge, a year of recordings
	@$(BIN)/python -m tests.scorecard.run $(ARGS)

streaming: $(VENV)/.dev      ## ticks a second and memory of the gateway: ARGS=--long for ten million
	@$(BIN)/python -m tests.bench.streaming $(ARGS)

image: $(VENV)/.dev          ## the steps of the Dockerfile without an engine (root, buildah): BASE=FILE.tar
	@$(BIN)/python -m tests.deploy.image $(if $(BASE),--base $(BASE)) $(ARGS)

installs: $(VENV)/.dev       ## install in each way into an empty environment, and time it
	@$(BIN)/python -m tests.deploy.installs $(ARGS)

pictures: $(VENV)/.dev       ## draw the pictures of the README, the cards and the chat again
	@$(BIN)/python -m tests.pictures

$(VENV)/.run: requirements.lock
	@$(or $(PYTHON),false) $(NEW_ENOUGH) 2>/dev/null || { echo $(TOO_OLD) >&2; exit 1; }
	@$(BIN)/python $(NEW_ENOUGH) 2>/dev/null || $(CREATE)
	@echo "Installing what the bot runs on (once) ..."
	@$(INSTALL) -r requirements.lock
	@touch $@

$(VENV)/.dev: requirements-dev.lock $(VENV)/.run
	@echo "Installing what the tests need (once) ..."
	@$(INSTALL) -r requirements-dev.lock
	@touch $@

lock:                        ## pin again, with hashes (needs pip-tools)
	pip-compile --quiet --generate-hashes --allow-unsafe --strip-extras --no-emit-index-url --no-emit-find-links --no-emit-options --no-header -o requirements.lock pyproject.toml
	pip-compile --quiet --generate-hashes --allow-unsafe --strip-extras --no-emit-index-url --no-emit-find-links --no-emit-options --no-header --extra dev -c requirements.lock -o requirements-dev.lock pyproject.toml

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage*
