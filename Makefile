# Two commands matter: `make demo` shows ddbmock at work, `make test` checks everything.
# Each makes the virtual environments that it needs; a second run installs nothing.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
# Environments for what cannot be installed with the rest.
VENV_AIOBOTO3 := .venv-aioboto3# each release pins an aiobotocore of its own
VENV_CLI := .venv-cli#           the AWS CLI pins a botocore of its own
VENV_DAX := .venv-dax#           the client of DAX pins a parser's runtime
VENV_NEWEST := .venv-newest#     the newest botocore, which aiobotocore does not have yet
VENV_OLDEST := .venv-oldest#     the oldest releases that ddbmock supports
VENV_PACKAGE := .venv-package#   empty ones, where the built wheel is installed
VENV_PYTHON := .venv-$(notdir $(PYTHON))# another Python, which the environment is named for
READY_AIOBOTO3 := $(VENV_AIOBOTO3)/.ready
READY_CLI := $(VENV_CLI)/.ready
READY_DAX := $(VENV_DAX)/.ready
READY_NEWEST := $(VENV_NEWEST)/.ready
READY_OLDEST := $(VENV_OLDEST)/.ready
READY_PYTHON := $(VENV_PYTHON)/.ready
READY_BENCH := $(VENV)/.ready-bench
READY_BENCH_NEWEST := $(VENV_NEWEST)/.ready-bench

# All cores; the tests of a file stay together because they share expensive fixtures, and the
# files are begun in the order of tests/conftest.py.
PYTEST := -m pytest --numprocesses auto --dist loadfile --no-loadscope-reorder
PYTEST_ARGS ?=
BENCH_ARGS ?=
FUZZ_ARGS ?=

# The tests start Python some hundred times: each start loads what an earlier one compiled.
unexport PYTHONDONTWRITEBYTECODE

# An old pip backtracks for minutes over the releases of botocore: take a new one first.
PIP_INSTALL = -m pip install --quiet --disable-pip-version-check

# What `make test` does, the longest first. Two at a time: most of them use one core.
CHECKS := unit lint types docs-site package test-newest-model test-aioboto3 test-dax
ifeq ($(filter output-sync,$(.FEATURES)),)
PARALLEL := --jobs 2
else
PARALLEL := --jobs 2 --output-sync=target
endif

.DEFAULT_GOAL := help
.PHONY: help demo test unit lint types docs docs-site pictures package browser test-aioboto3 test-browser test-dax \
	test-cli test-newest test-newest-model test-oldest test-python coverage bench bench-suite fuzz properties fidelity format clean
.DELETE_ON_ERROR:

help: ## this list
	@grep -E '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

demo: $(READY) ## run the example shop: its own tests, then the application
	$(BIN)/python -m pytest --quiet --no-header examples/shop $(PYTEST_ARGS)
	$(BIN)/python -m examples.shop

test: ## everything that a change must pass; the parts are the targets below
	@$(MAKE) --no-print-directory $(PARALLEL) $(CHECKS)

# --- the parts of `make test` ---------------------------------------------------------------------

unit: export DDBMOCK_AWS_CLI ?= $(abspath $(VENV_CLI)/bin/aws)
unit: $(READY) $(READY_CLI) browser ## pytest: random order, warnings as errors, docs, browser, AWS CLI
	$(BIN)/python -m compileall -q ddbmock
	$(BIN)/python $(PYTEST) $(PYTEST_ARGS)

lint: $(READY) ## ruff: rules and format
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(READY) ## mypy --strict; pyright on typed tests, and on the public names
	$(BIN)/mypy
	$(BIN)/pyright
	$(BIN)/python -m tests.typing.public_names

pictures: $(READY) ## draw the pictures of the documentation into docs/images
	DDBMOCK_PICTURES=1 $(BIN)/python -m pytest --quiet tests/test_docs_pictures.py

docs-site: $(READY) ## build the documentation site into build/site, warnings are errors
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --quiet --strict

package: build/package/.checked ## build wheel and sdist into dist, and try them in an empty environment

PACKAGED := $(shell find ddbmock -type f -not -name '*.pyc') pyproject.toml README.md LICENSE
build/package/.checked: $(READY) $(PACKAGED) $(wildcard tests/package/*.py docs/tutorial/*.md)
	rm -rf dist build/package
	mkdir -p build/package
	$(BIN)/python -m build --no-isolation >build/package/build.log || { cat build/package/build.log; exit 1; }
	$(BIN)/twine check --strict dist/*
	$(BIN)/python -m tests.package.check dist build/package $(VENV_PACKAGE)
	touch $@

test-aioboto3: $(READY_AIOBOTO3) ## the asynchronous clients with aioboto3
	$(VENV_AIOBOTO3)/bin/python -m pytest tests/clients/test_aioboto3.py tests/clients/test_aiobotocore.py \
		tests/switch/test_aiobotocore.py $(PYTEST_ARGS)

test-dax: $(READY_DAX) ## DAX's own client against the mock
	$(VENV_DAX)/bin/python -m pytest tests/companions/dax $(PYTEST_ARGS)

# What older models of botocore do not have is skipped by `unit`. One process, beside those of `unit`.
test-newest-model: $(READY_NEWEST) ## operations, templates and validation on the newest botocore
	$(VENV_NEWEST)/bin/python -m pytest tests/operations tests/templates tests/validation tests/test_fidelity.py \
		$(PYTEST_ARGS)

# A browser from the distribution's packages, where that may be installed; tests that need one say
# so where there is none.
browser:
	@command -v chromium chromium-browser google-chrome >/dev/null 2>&1 || \
		{ [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1 && \
		  { apt-get update && DEBIAN_FRONTEND=noninteractive \
		    apt-get install --yes --no-install-recommends chromium; } >/dev/null 2>&1; } || \
		echo "no Chromium here, and none could be installed: the tests that need one are skipped"

# --- more -----------------------------------------------------------------------------------------

docs: $(READY) ## run the code blocks of README.md, docs/ and the docstrings
	$(BIN)/python $(PYTEST) tests/test_docs.py ddbmock $(PYTEST_ARGS)

test-browser: $(READY) browser ## what is shown in a browser, in headless Chromium (CHROMIUM=path)
	$(BIN)/python -m pytest tests/report tests/console tests/test_docs_pictures.py $(PYTEST_ARGS)

test-cli: export DDBMOCK_AWS_CLI ?= $(abspath $(VENV_CLI)/bin/aws)
test-cli: $(READY) $(READY_CLI) ## the AWS CLI in a shell against `python -m ddbmock serve`
	$(BIN)/python -m pytest tests/aws_cli $(PYTEST_ARGS)

test-newest: $(READY_NEWEST) ## the suite on the newest boto3
	$(VENV_NEWEST)/bin/python $(PYTEST) $(PYTEST_ARGS)

test-oldest: $(READY_OLDEST) ## the suite on the oldest supported dependencies
	$(VENV_OLDEST)/bin/python $(PYTEST) $(PYTEST_ARGS)

test-python: $(READY_PYTHON) ## the suite on another Python: make test-python PYTHON=python3.14t
	$(VENV_PYTHON)/bin/python $(PYTEST) $(PYTEST_ARGS)

coverage: $(READY) ## branch coverage of the suite
	$(BIN)/coverage run -m pytest $(PYTEST_ARGS)
	$(BIN)/coverage report

bench: $(READY_BENCH) $(READY_BENCH_NEWEST) ## ratios to boto3's own times and moto's, on two botocores, stages, 9 minutes; BENCH_ARGS=--docs writes the page
	$(BIN)/python -m benchmarks --environment tested $(BENCH_ARGS)
	$(VENV_NEWEST)/bin/python -m benchmarks --environment newest $(BENCH_ARGS)

bench-suite: $(READY_BENCH) $(READY_BENCH_NEWEST) ## a thousand tests by pytest, the endpoint (DYNALITE=path to compare), a million items: 12 minutes
	$(BIN)/python -m benchmarks suite endpoint large --environment tested $(BENCH_ARGS)
	$(VENV_NEWEST)/bin/python -m benchmarks suite --environment newest $(BENCH_ARGS)

fuzz: $(READY) ## 100,000 random requests, other ones each time; FUZZ_ARGS="<count> <seed>" says which
	$(BIN)/python -m tests.fuzz.driver $(FUZZ_ARGS)

properties: $(READY) ## the property tests with 2,000 examples instead of 50
	HYPOTHESIS_PROFILE=deep $(BIN)/python $(PYTEST) -m hypothesis $(PYTEST_ARGS)

fidelity: $(READY) ## write docs/fidelity.md: what is done of each operation
	$(BIN)/python -m tests.fidelity_page

format: $(READY) ## let ruff mend what it can
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

clean: ## remove environments, caches and build products
	rm -rf $(VENV) $(VENV_AIOBOTO3) $(VENV_CLI) $(VENV_DAX) $(VENV_NEWEST) $(VENV_OLDEST) \
		$(VENV_PACKAGE) .venv-python*
	rm -rf .mypy_cache .ruff_cache .pytest_cache .hypothesis build dist htmlcov .coverage
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# --- environments ---------------------------------------------------------------------------------

$(READY): pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 10) and "ddbmock needs Python 3.10 or newer: make PYTHON=python3.12 ...")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python $(PIP_INSTALL) --upgrade pip
	$(BIN)/python $(PIP_INSTALL) --editable '.[dev]'
	touch $@

$(READY_AIOBOTO3): pyproject.toml
	$(PYTHON) -m venv --clear $(VENV_AIOBOTO3)
	$(VENV_AIOBOTO3)/bin/python $(PIP_INSTALL) --upgrade pip
	$(VENV_AIOBOTO3)/bin/python $(PIP_INSTALL) --editable '.[aioboto3]'
	touch $@

$(READY_DAX): pyproject.toml
	$(PYTHON) -m venv --clear $(VENV_DAX)
	$(VENV_DAX)/bin/python $(PIP_INSTALL) --upgrade pip
	$(VENV_DAX)/bin/python $(PIP_INSTALL) --editable '.[test-boto3]' amazon-dax-client
	touch $@

$(READY_CLI):
	$(PYTHON) -m venv --clear $(VENV_CLI)
	$(VENV_CLI)/bin/python $(PIP_INSTALL) --upgrade pip
	$(VENV_CLI)/bin/python $(PIP_INSTALL) awscli
	touch $@

$(READY_NEWEST): pyproject.toml
	$(PYTHON) -m venv --clear $(VENV_NEWEST)
	$(VENV_NEWEST)/bin/python $(PIP_INSTALL) --upgrade pip
	$(VENV_NEWEST)/bin/python $(PIP_INSTALL) --upgrade --editable '.[test-boto3]'
	touch $@

$(READY_OLDEST): pyproject.toml tests/oldest.txt
	$(PYTHON) -m venv --clear $(VENV_OLDEST)
	$(VENV_OLDEST)/bin/python $(PIP_INSTALL) --upgrade pip
	$(VENV_OLDEST)/bin/python $(PIP_INSTALL) --constraint tests/oldest.txt --editable '.[test]'
	touch $@

$(READY_PYTHON): pyproject.toml
	$(PYTHON) -m venv --clear $(VENV_PYTHON)
	$(VENV_PYTHON)/bin/python $(PIP_INSTALL) --upgrade pip
	$(VENV_PYTHON)/bin/python $(PIP_INSTALL) --editable '.[test-boto3]'
	touch $@

$(READY_BENCH): $(READY)
	$(BIN)/python $(PIP_INSTALL) --editable '.[dev,bench]'
	touch $@

$(READY_BENCH_NEWEST): $(READY_NEWEST)
	$(VENV_NEWEST)/bin/python $(PIP_INSTALL) --editable '.[test-boto3,bench]'
	touch $@
