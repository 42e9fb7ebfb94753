# Two commands matter: `make demo` shows ddbmock at work, `make test` checks everything.
# Each makes its own virtual environment and installs what it needs; a second run installs nothing.

PYTHON ?= python3
VENV := .venv
VENV_OLDEST := .venv-oldest
BIN := $(VENV)/bin
READY := $(VENV)/.ready
READY_BENCH := $(VENV)/.ready-bench
VENV_AIOBOTO3 := .venv-aioboto3
READY_AIOBOTO3 := $(VENV_AIOBOTO3)/.ready
BENCH_ARGS ?=
READY_OLDEST := $(VENV_OLDEST)/.ready
# The AWS CLI pins a botocore of its own, so it has an environment of its own.
VENV_CLI := .venv-cli
READY_CLI := $(VENV_CLI)/.ready
# All cores; tests that share what takes long to prepare stay together.
PYTEST := -m pytest --numprocesses auto --dist loadgroup
PYTEST_ARGS ?=
FUZZ_ARGS ?=

# An old pip backtracks for minutes over the releases of botocore: take a new one first.
PIP_INSTALL = -m pip install --quiet --disable-pip-version-check

.DEFAULT_GOAL := help
.PHONY: help demo test test-aioboto3 lint types unit docs docs-site test-report test-oldest test-cli coverage bench fuzz fidelity format clean
.DELETE_ON_ERROR:

help: ## this list
	@grep -E '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

$(READY): pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 10) and "ddbmock needs Python 3.10 or newer: make PYTHON=python3.12 ...")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python $(PIP_INSTALL) --upgrade pip
	$(BIN)/python $(PIP_INSTALL) --editable '.[dev]'
	touch $@

$(READY_OLDEST): pyproject.toml tests/oldest.txt
	rm -rf $(VENV_OLDEST)
	$(PYTHON) -m venv $(VENV_OLDEST)
	$(VENV_OLDEST)/bin/python $(PIP_INSTALL) --upgrade pip
	$(VENV_OLDEST)/bin/python $(PIP_INSTALL) --constraint tests/oldest.txt --editable '.[test]'
	touch $@

$(READY_CLI):
	$(PYTHON) -m venv $(VENV_CLI)
	$(VENV_CLI)/bin/python $(PIP_INSTALL) --upgrade pip
	$(VENV_CLI)/bin/python $(PIP_INSTALL) awscli
	touch $@

demo: $(READY) ## run the example shop: its own tests, then the application
	$(BIN)/python -m pytest --quiet --no-header examples/shop $(PYTEST_ARGS)
	$(BIN)/python -m examples.shop

test: lint types docs-site unit ## everything: ruff, mypy, pyright, the site, pytest

lint: $(READY) ## ruff: rules and format
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(READY) ## mypy --strict, and pyright on the typing test
	$(BIN)/mypy
	$(BIN)/pyright

unit: $(READY) ## pytest: random order, warnings as errors, documentation examples included
	$(BIN)/python $(PYTEST) $(PYTEST_ARGS)

docs: $(READY) ## run the code blocks of README.md, docs/ and the docstrings
	$(BIN)/python -m pytest tests/test_docs.py ddbmock $(PYTEST_ARGS)

docs-site: $(READY) ## build the documentation site into build/site, warnings are errors
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict

test-report: $(READY) ## look at the HTML report in headless Chromium (CHROMIUM=path)
	DDBMOCK_TEST_REPORT=1 $(BIN)/python -m pytest tests/report $(PYTEST_ARGS)

test-oldest: $(READY_OLDEST) ## the suite on the oldest supported dependencies
	$(VENV_OLDEST)/bin/python $(PYTEST) $(PYTEST_ARGS)

test-cli: $(READY) $(READY_CLI) ## the AWS CLI in a shell against `python -m ddbmock serve`
	DDBMOCK_AWS_CLI=$(abspath $(VENV_CLI)/bin/aws) $(BIN)/python -m pytest tests/aws_cli $(PYTEST_ARGS)

$(READY_AIOBOTO3): pyproject.toml
	rm -rf $(VENV_AIOBOTO3)
	$(PYTHON) -m venv $(VENV_AIOBOTO3)
	$(VENV_AIOBOTO3)/bin/python $(PIP_INSTALL) --upgrade pip
	$(VENV_AIOBOTO3)/bin/python $(PIP_INSTALL) --editable '.[aioboto3]'
	touch $@

test-aioboto3: $(READY_AIOBOTO3) ## the clients' suites with aioboto3, which pins a botocore of its own
	$(VENV_AIOBOTO3)/bin/python -m pytest tests/clients tests/switch tests/test_pytest_plugin.py $(PYTEST_ARGS)

coverage: $(READY) ## branch coverage of the suite
	$(BIN)/coverage run -m pytest $(PYTEST_ARGS)
	$(BIN)/coverage report

$(READY_BENCH): $(READY)
	$(BIN)/python $(PIP_INSTALL) --editable '.[dev,bench]'
	touch $@

bench: $(READY_BENCH) ## times as ratios to boto3's own and to moto's; BENCH_ARGS=--docs writes the page
	$(BIN)/python -m benchmarks $(BENCH_ARGS)

fuzz: $(READY) ## 100,000 random requests, other ones each time; FUZZ_ARGS="<count> <seed>" says which
	$(BIN)/python -m tests.fuzz.driver $(FUZZ_ARGS)

fidelity: $(READY) ## write docs/fidelity.md: what is done of each operation
	$(BIN)/python -m tests.fidelity_page

format: $(READY) ## let ruff mend what it can
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

clean: ## remove environments, caches and build products
	rm -rf $(VENV) $(VENV_OLDEST) $(VENV_CLI) $(VENV_AIOBOTO3) .mypy_cache .ruff_cache .pytest_cache .hypothesis build dist htmlcov .coverage
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
