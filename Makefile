# make             set up .venv and run the default config
# make toy         the smallest run, config/toy.yaml: a minute from the environment to figures
# make test        the fast tests
# make test-all    all tests: the slow ones too, and those of finished runs (those of .ci/run)
# make test-slurm  the tests that start a Slurm, where its programs are installed and the user is root
# make verify      whether config/toy.yaml, or CONFIG=..., gives the same results on one core and on all
# make check       formatting, linting and import rules
# make report      results/report.zip, after a run
# make docs        what is generated of config/ and docs/, and the site in docs/_build/html
# make gallery     the pictures of docs/gallery.md and of README.md, from the default run
# make lock        envs/lock.txt, after a change of envs/requirements*.txt
# make stnmf       set up .venv-stnmf, without which models of the network stnmf are left out
# make brian2      set up .venv-brian2, which benchmarks/biophysical.py measures beside
# make benchmark   docs/benchmarks.md, on this machine, in about ten minutes
PYTHON ?= python3
CORES ?= all
CONFIG ?= config/config.yaml
BIN := .venv/bin
INSTALL = $(BIN)/pip install --quiet --constraint envs/lock.txt --requirement
PYTEST = $(BIN)/python -m pytest --numprocesses auto --dist loadfile
SNAKEMAKE = $(BIN)/snakemake --cores $(CORES) --rerun-incomplete --configfile

.PHONY: run toy test test-all test-slurm verify check report docs gallery lock stnmf brian2 benchmark clean

run: .venv/.ready
	$(SNAKEMAKE) $(CONFIG)

toy: .venv/.ready
	$(SNAKEMAKE) config/toy.yaml

# The library is installed editable: it stays where it is, in workflow/finefield.
# Jobs start Python by its path without quotes, and Snakemake takes braces for wildcards.
.venv/.ready: envs/requirements.txt envs/lock.txt pyproject.toml
	@$(PYTHON) -c 'import os, re, sys; sys.exit(not re.fullmatch(r"[\w@%+=:,./-]+", os.getcwd()))' || \
		{ echo "Finefield lies in $$PWD, a path with a blank, a brace or the like. Fix: rename or move the folder"; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Finefield needs Python 3.11 or newer, and $(PYTHON) is older. Fix: make PYTHON=python3.11"; exit 1; }
	$(PYTHON) -m venv .venv
	$(INSTALL) $<
	$(BIN)/pip install --quiet --no-deps --editable .
	touch $@

.venv/.ready-%: envs/requirements-%.txt .venv/.ready
	$(INSTALL) $<
	touch $@

test: .venv/.ready-test
	$(PYTEST)

test-all: .venv/.ready-test
	$(PYTEST) -m ""

test-slurm: .venv/.ready-test .venv/.ready-slurm
	$(BIN)/python -m pytest -m "" -rs tests/workflow/cluster

# Two files hold times of jobs.
verify: CONFIG = config/toy.yaml
verify: .venv/.ready
	rm -rf results/verify
	for cores in 1 all; do \
		$(BIN)/snakemake --cores $$cores --configfile $(CONFIG) --directory results/verify/$$cores || exit 1; \
	done
	diff -rq -x benchmarks -x overview.html results/verify/1/results results/verify/all/results
	@echo "$(CONFIG) gives the same results on one core and on all."

check: .venv/.ready-test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/snakefmt --check workflow
	$(BIN)/lint-imports
	$(BIN)/snakemake --lint

report: .venv/.ready
	$(BIN)/snakemake --configfile $(CONFIG) --report results/report.zip

docs: .venv/.ready-docs
	$(BIN)/python -m finefield.config.readme config/README.md workflow/schemas/config.schema.yaml
	$(BIN)/python -m finefield.tables.reference docs/files.md
	$(BIN)/python -m sphinx -W docs docs/_build/html

gallery: .venv/.ready
	$(BIN)/python docs/gallery.py

# Apart from .venv, which the present lock has made. With Python 3.11 on Linux.
lock:
	$(PYTHON) -m venv .venv-lock
	.venv-lock/bin/python envs/lock.py
	rm -r .venv-lock

# STNMF needs an older SciPy than ours, and Brian2 an older NumPy.
stnmf brian2: %: .venv-%/.ready

.venv-stnmf/.ready .venv-brian2/.ready: .venv-%/.ready: envs/requirements-%.txt
	$(PYTHON) -m venv .venv-$*
	.venv-$*/bin/pip install --quiet --requirement $<
	touch $@

benchmark: .venv/.ready stnmf
	$(BIN)/python benchmarks/training.py

clean:
	rm -rf results logs docs/_build
