# make demo, make test: each sets up what it needs in .venv, once.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
SHARED ?= ../shared
PEERS := .venv-peers
TRAIN := .venv-train
READY := $(VENV)/.ready
READY_DEV := $(VENV)/.ready-dev

NAMES = SELECT text AS name, count(*) AS mentions, count(DISTINCT article_id) AS articles FROM mentions
BY_FREQUENCY = GROUP BY text ORDER BY mentions DESC, name LIMIT 12
PEOPLE = $(NAMES) WHERE type = 'PERSON' $(BY_FREQUENCY)
COMPANIES = $(NAMES) WHERE type = 'COMPANY' $(BY_FREQUENCY)
SUMS = SELECT published_date AS day, amounts.text AS sum, currency, round(inr_crore_min, 2) AS crore_from, \
	round(inr_crore_max, 2) AS crore_to, modifier, per, kind, left(coalesce(title, source_uri), 40) AS article \
	FROM amounts JOIN articles USING (article_id, published_date) \
	ORDER BY inr_crore_max DESC NULLS LAST, sum LIMIT 25

.PHONY: demo test lint types unit unit-served unit-others eval bench soak names clean

demo: $(READY)
	$(BIN)/khabar run data/raw --out data/processed
	@echo "People"; $(BIN)/khabar query "$(PEOPLE)"
	@echo "Companies"; $(BIN)/khabar query "$(COMPANIES)"
	@echo "Sums of money"; $(BIN)/khabar query "$(SUMS)"

test: lint types unit

lint: $(READY_DEV)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(READY_DEV)
	$(BIN)/mypy

# Tests that need a Prefect server wait for it most of the time, so they run beside the others.
unit: $(READY_DEV)
	+$(MAKE) --jobs 2 --output-sync=target unit-served unit-others

unit-served: $(READY_DEV)
	$(BIN)/python -m pytest -m served

unit-others: $(READY_DEV)
	$(BIN)/python -m pytest -m "not served" -p no:cacheprovider

eval: $(READY_DEV) $(PEERS)/.ready
	$(BIN)/python -m benchmarks.quality --data $(SHARED)/data
	$(BIN)/python -m benchmarks.english_peers $(PEERS)/bin/python --data $(SHARED)/data

bench: $(READY_DEV) $(PEERS)/.ready $(TRAIN)/.ready
	$(BIN)/python -m benchmarks.speed --data $(SHARED)/data
	$(BIN)/python -m benchmarks.names_speed $(TRAIN)/bin/python --data $(SHARED)/data
	$(BIN)/python -m benchmarks.money_speed
	$(BIN)/python -m benchmarks.amounts_peers $(PEERS)/bin/python
	$(BIN)/python -m benchmarks.reading_quality --data $(SHARED)/data
	$(BIN)/python -m benchmarks.duplicates_quality
	$(BIN)/python -m benchmarks.duplicates_speed
	$(BIN)/python -m benchmarks.growth --data $(SHARED)/data --workers 1,2 --json benchmarks/growth.json
	$(BIN)/python -m benchmarks.language_quality --data $(SHARED)/data

soak: $(READY_DEV)
	$(BIN)/python -m benchmarks.soak --kills 300

names: $(TRAIN)/.ready
	$(TRAIN)/bin/python -m training.names --data $(SHARED)/data

clean:
	rm -rf $(VENV) $(PEERS) $(TRAIN) .cache .mypy_cache .pytest_cache .ruff_cache .hypothesis build *.egg-info

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Khabar needs Python 3.11 or later; name one with make PYTHON=..."; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(PEERS)/.ready: benchmarks/peers.txt
	$(PYTHON) -m venv $(PEERS)
	$(PEERS)/bin/python -m pip install --quiet --upgrade pip
	$(PEERS)/bin/python -m pip install --quiet --requirement benchmarks/peers.txt
	$(PEERS)/bin/python -m pip install --quiet --no-deps --ignore-requires-python --requirement benchmarks/peers-alone.txt
	@touch $@

$(TRAIN)/.ready: training/requirements.txt training/requirements-alone.txt pyproject.toml
	$(PYTHON) -m venv $(TRAIN)
	$(TRAIN)/bin/python -m pip install --quiet --constraint constraints.txt --requirement training/requirements.txt --editable .
	$(TRAIN)/bin/python -m pip install --quiet --no-deps --requirement training/requirements-alone.txt
	@touch $@

$(READY): pyproject.toml constraints.txt | $(BIN)/python
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable .
	@touch $@

$(READY_DEV): pyproject.toml constraints.txt | $(BIN)/python
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[dev]'
	@touch $(READY) $@
