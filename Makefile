# `make` alone lists what one can do.
SHELL := /bin/sh
PYTHON ?= python3
PORT ?= 8000
UV = UV_PYTHON_DOWNLOADS=never .venv/bin/uv
RUN = .venv/bin/python

.PHONY: help setup run test check bench format

help:  ## List the commands
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: .venv/ready  ## Set everything up in .venv

.venv/ready: pyproject.toml uv.lock
	@echo "Setting up .venv, about half a minute …"
	@test -x .venv/bin/python || $(PYTHON) -m venv --without-pip .venv
	@.venv/bin/python -c 'import sys; sys.exit("Python 3.11 or newer is needed.") if sys.version_info < (3, 11) else None'
	@test -x .venv/bin/uv || $(PYTHON) -m pip --python .venv/bin/python install --quiet --disable-pip-version-check uv==0.13.9
	@$(UV) sync --quiet --frozen --inexact
	@touch $@

run: setup  ## Serve a demo with moving tasks at http://127.0.0.1:8000 (PORT=…)
	@DATA_DIR=$${DATA_DIR:-.demo} ALLOW_PRIVATE_UPSTREAMS=1 $(RUN) manage.py demo --bind 127.0.0.1:$(PORT)

test: setup  ## Run all tests, on SQLite and, where it is installed, on PostgreSQL
	@$(RUN) -m tests

check: setup  ## Format, lint, types, import direction, Dockerfile
	@.venv/bin/ruff format --check .
	@.venv/bin/ruff check .
	@.venv/bin/mypy
	@.venv/bin/lint-imports --no-cache
	@test ! -f Dockerfile || .venv/bin/hadolint Dockerfile

format: setup  ## Bring the code into form
	@.venv/bin/ruff check --fix --quiet . || true
	@.venv/bin/ruff format --quiet .

bench: setup  ## Measure, and compare with a reference in the same run
	@$(RUN) -m bench
