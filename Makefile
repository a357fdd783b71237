# `make verify` and `make test` do all their own set-up, into .venv: they need git, make and Python 3.11 or newer.
# PYTHON=python3.12 chooses the interpreter, ARGS="--profile omnipod-dash" adds arguments to the command that is run.

BIN := .venv/bin
export PYTHON

.DEFAULT_GOAL := help
.PHONY: help verify verify-bench test test-all lint types rooms unit coverage mutants certificates selfcheck crosscheck format lock clean
.NOTPARALLEL:

help:
	@echo "make verify    prove the reference pump's safety properties"
	@echo "make verify-bench   prove what a blocked line keeps back"
	@echo "make test      lint, types, room rules and the fast tests"
	@echo "make test-all  the same with the slow tests"
	@echo "make lint, make types, make rooms, make unit    one part of 'make test'"
	@echo "make coverage  the fast tests with branch coverage"
	@echo "make mutants   put faults into the reference pump's rows, one at a time, and see whether a property notices"
	@echo "make certificates  write the proofs as files, and check them with a checker that shares no code with the provers"
	@echo "make selfcheck put known faults into a copy of the toolkit, one at a time, and see whether it notices"
	@echo "make crosscheck  ask tools that are not ours about exported systems; needs yosys and berkeley-abc"
	@echo "make format    put all code in the standard format"
	@echo "make lock      renew the locked versions in locks/ within the ranges of pyproject.toml"
	@echo "make clean     remove .venv and everything that was made"

verify:
	@tools/set-up.sh verify
	@$(BIN)/pumpproof verify $(ARGS)

test: lint types rooms unit

test-all: lint types rooms
	$(BIN)/pytest -n auto $(ARGS)

lint:
	@tools/set-up.sh test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types:
	@tools/set-up.sh test
	$(BIN)/mypy
	$(BIN)/pyright --pythonpath $(BIN)/python

rooms:
	@tools/set-up.sh test
	$(BIN)/lint-imports --no-logo

unit:
	@tools/set-up.sh test
	$(BIN)/pytest -n auto -m "not slow" $(ARGS)

coverage:
	@tools/set-up.sh test
	@mkdir -p build
	$(BIN)/coverage run $(BIN)/pytest -m "not slow" $(ARGS)
	$(BIN)/coverage report

verify-bench:
	@tools/set-up.sh verify
	@$(BIN)/pumpproof verify pumpproof.statemachine.occlusion_bench.system:SYSTEM $(ARGS)

mutants:
	@tools/set-up.sh verify
	@$(BIN)/pumpproof mutate $(ARGS)

certificates:
	@tools/set-up.sh verify
	@rm -rf build/certificates
	@$(BIN)/pumpproof certificate write build/certificates
	@$(BIN)/pumpproof certificate check build/certificates $(ARGS)

selfcheck:
	@tools/set-up.sh verify
	@$(BIN)/pumpproof selfcheck --faults $(ARGS)

crosscheck:
	@tools/set-up.sh crosscheck
	@PYTHONPATH=tests/support $(BIN)/python -m tests.crosscheck $(ARGS)

format:
	@tools/set-up.sh test
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# All locks agree with locks/dev.txt, so that one environment can hold several of them.
COMPILE := $(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
	--only-binary :all: --no-header --no-annotate --no-emit-index-url --no-emit-find-links

lock:
	@tools/set-up.sh lock
	$(COMPILE) -o locks/dev.txt pyproject.toml --group build --group dev
	$(COMPILE) -o locks/runtime.txt -c locks/dev.txt pyproject.toml --group build
	$(COMPILE) -o locks/neighbour.txt -c locks/dev.txt --group neighbour
	$(COMPILE) -o locks/crosscheck.txt -c locks/dev.txt --group crosscheck
	$(COMPILE) -o locks/lock.txt -c locks/dev.txt --group lock

clean:
	rm -rf .venv build dist src/*.egg-info .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis .benchmarks
	find spec statemachine verify reference_impl hardware_adapters docs tests src -name __pycache__ -type d -prune -exec rm -rf {} +
