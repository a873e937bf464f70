# Every target makes its own .venv first; on a fresh machine Python 3.11 or newer and make are enough.
#   make demo    the main job on a small project: scan, extract, the diff, the notebooks run again, undo
#   make test    lint, types, architecture, tests
#   make soak    generated input for as long as it takes: all small programs, fuzzing, laws
#   make bench   speed and memory, as ratios against a floor measured in the same run

VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

# One more than there are cores: tests that wait for kernels leave theirs idle.
WORKERS = $(shell expr $$(getconf _NPROCESSORS_ONLN) + 1)

.PHONY: demo test soak bench clean

demo: $(READY)
	@$(BIN)/python tests/demo/show.py

test: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m pytest -q tests/test_architecture.py
	$(BIN)/python -m pytest -q -n $(WORKERS) --dist worksteal

soak: $(READY)
	$(BIN)/python -m pytest -q -n auto --soak tests/small tests/hostile tests/pipeline tests/verify tests/apply

bench: $(READY)
	@$(BIN)/python tests/bench/compare.py

clean:
	rm -rf $(VENV) build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis

# A name on PATH is not yet a Python: version managers put names there that only print an error, so each one is asked.
# pip of Python 3.11 knows no dependency groups, so it is renewed before it reads pyproject.toml.
$(READY): pyproject.toml
	@for candidate in $(PYTHON) python3.11 python3.12 python3.13 python3.14 python3 python; do \
	    if "$$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then \
	        python=$$candidate; break; \
	    fi; \
	done; \
	if [ -z "$$python" ]; then \
	    echo "nb2mod needs Python 3.11 or newer; found: $$(python3 --version 2>/dev/null || echo none)." >&2; \
	    echo "Install it, or name one that is not on PATH: make test PYTHON=/path/to/python3.11" >&2; \
	    exit 1; \
	fi; \
	echo "making $(VENV) with $$("$$python" --version) ($$python)"; \
	"$$python" -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --upgrade 'pip>=25.1'
	@$(BIN)/python -m pip install --quiet --editable . --group dev
	@touch $(READY)
