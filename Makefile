# make         set up .venv and run the default config
# make toy     the smallest run, config/toy.yaml: a minute from the environment to figures
# make test    the test suite
# make check   formatting, linting and import rules
# make report  results/report.zip, after a run
# make docs    config/README.md from the schema
# make benchmark   docs/benchmarks.md, on this machine, in about ten minutes
# make stnmf   set up .venv-stnmf, without which models of the network stnmf are left out
PYTHON ?= python3
CORES ?= all
CONFIG ?= config/config.yaml
BIN := .venv/bin
export PYTHONPATH := workflow

.PHONY: run toy test check report docs benchmark stnmf clean

run: .venv/.ready
	$(BIN)/snakemake --cores $(CORES) --configfile $(CONFIG) --rerun-incomplete

toy: .venv/.ready
	$(BIN)/snakemake --cores $(CORES) --configfile config/toy.yaml --rerun-incomplete

.venv/.ready: envs/requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Finefield needs Python 3.11 or newer, and $(PYTHON) is older. Fix: make PYTHON=python3.11"; exit 1; }
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --requirement $<
	touch $@

.venv/.ready-test: envs/requirements-test.txt .venv/.ready
	$(BIN)/pip install --quiet --requirement $<
	touch $@

test: .venv/.ready-test
	$(BIN)/python -m pytest

check: .venv/.ready-test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/snakefmt --check workflow
	$(BIN)/lint-imports
	$(BIN)/snakemake --lint

report: .venv/.ready
	$(BIN)/snakemake --configfile $(CONFIG) --report results/report.zip

docs: .venv/.ready
	$(BIN)/python -m finefield.config.reading config/README.md

benchmark: .venv/.ready stnmf
	$(BIN)/python benchmarks/training.py

stnmf: .venv-stnmf/.ready

# STNMF needs an older SciPy than ours.
.venv-stnmf/.ready: envs/requirements-stnmf.txt
	$(PYTHON) -m venv .venv-stnmf
	.venv-stnmf/bin/pip install --quiet --requirement $<
	touch $@

clean:
	rm -rf results logs
