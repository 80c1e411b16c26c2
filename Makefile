# Two commands do everything on a fresh machine: `make demo` and `make test`.
.DEFAULT_GOAL := help
.PHONY: help install demo test test-slow lint bench lock clean

BIN := .venv/bin

help:  ## show this list
	@sed -n 's/^\([a-z-]*\):.*## /  make \1|/p' $(MAKEFILE_LIST) | column -t -s '|' 2>/dev/null || cat $(MAKEFILE_LIST)

install:  ## make .venv with everything in it
	@sh scripts/bootstrap.sh

demo: install  ## run the main job on the embedded arena
	@$(BIN)/score-model demo

test: install lint  ## lint, then the tests (under ten minutes on two cores)
	$(BIN)/python -m pytest -n auto --maxprocesses 4 --dist loadgroup --durations 10

test-slow: install  ## the tests that take minutes
	$(BIN)/python -m pytest -m slow --timeout 1200 -n auto --maxprocesses 4 --dist loadgroup --durations 10

lint: install  ## ruff, mypy, import-linter, deptry
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/deptry src

bench: install  ## every figure of docs/performance.md
	$(BIN)/python -m benchmarks.crawl
	$(BIN)/python -m benchmarks.build
	$(BIN)/python -m benchmarks.audit
	$(BIN)/python -m benchmarks.arena
	$(BIN)/python -m benchmarks.traces
	$(BIN)/python -m benchmarks.replay
	$(BIN)/python -m benchmarks.features
	$(BIN)/python -m benchmarks.scoring
	$(BIN)/python -m benchmarks.models
	$(BIN)/python -m benchmarks.constraints

lock:  ## resolve the locked requirements anew (needs uv)
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
		pyproject.toml --extra all -o requirements.lock
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
		pyproject.toml --extra all --group dev -o requirements-dev.lock

clean:  ## remove what was built; data/ stays
	rm -rf .venv build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis src/*.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
