# `make help` lists the targets. Each one makes .venv first, once; see tools/setup.sh.
# Written for GNU make 3.81, which macOS has.

PROCESSORS := $(shell env -u OMP_NUM_THREADS nproc 2>/dev/null || getconf _NPROCESSORS_ONLN 2>/dev/null || echo 1)
CORES ?= $(shell [ $(PROCESSORS) -gt 8 ] && echo 8 || echo $(PROCESSORS))
PYTEST_ARGS ?=
STYLED := workflow tests tools benchmarks

# Everything the programs would write into the home folder goes to .cache in the checkout.
CACHE := $(CURDIR)/.cache
RUN := env -u PYTHONPATH -u PYTHONHOME \
	PATH="$(CURDIR)/.venv/bin:$$PATH" VIRTUAL_ENV="$(CURDIR)/.venv" \
	XDG_CACHE_HOME="$(CACHE)" MPLCONFIGDIR="$(CACHE)/matplotlib" CUDA_CACHE_PATH="$(CACHE)/cuda" \
	PYTEST_DEBUG_TEMPROOT="$(CACHE)/pytest"

DEMO := snakemake --cores $(CORES) --resources gpu=2 --configfile config/specimen.yaml
# the tests that a missing browser leaves out; the last line of `make test` names them
LEFT_OUT := $(CACHE)/left-out
COLLECTION ?= specimen
CONFIG ?= $(if $(filter specimen%,$(COLLECTION)),config/specimen.yaml)
OPEN := results/specimen/simclr/tables/results.md \
	results/specimen/simclr/figures/clusters/index.html \
	results/specimen/simclr/figures/maps/index.html \
	results/specimen/simclr/figures/neighbours/ \
	results/specimen/simclr/figures/test-sheet.png \
	results/specimen/simclr/tables/metrics.csv \
	results/specimen/worklist/index.html \
	results/specimen/figures/prints/index.html \
	results/specimen/leaks.md \
	results/specimen-scans/figures/crop-proposals.png

.NOTPARALLEL:
.PHONY: help setup demo desk report test bench bench-all check-fast style lint lock clean

help: ## this list
	@echo "Bilderatlas: learn, compare and show visual representations of a collection."
	@echo
	@sed -n 's/^\([a-z-]*\):[^#]*## \(.*\)/  make \1	\2/p' Makefile | expand -t 22
	@echo
	@echo "  CORES=4 sets the number of processors (here: $(CORES)); PYTHON=python3.12 the Python that .venv is made with;"
	@echo "  PYTEST_ARGS='-k dates' what make test and make check-fast hand to pytest."
	@echo "  make desk COLLECTION=mine CONFIG=config/mine.yaml BY='A. Name' is the desk of your own collection."

setup: ## only the environment .venv, from requirements.txt (the other targets call it)
	@PYTHON="$(PYTHON)" sh tools/setup.sh

demo: setup ## all experiments on the small generated collection, offline; names the files to open
	@echo "$(DEMO)"
	@start=$$(date +%s); \
	$(RUN) $(DEMO) || { echo; echo "The demo stopped; the lines above name the rule and its log."; exit 1; }; \
	seconds=$$(($$(date +%s) - start)); \
	echo; echo "The demo took $$((seconds / 60)) min $$((seconds % 60)) s. Open:"; \
	for path in $(OPEN); do if [ -e "$$path" ]; then echo "  $$path"; fi; done

desk: setup ## pages to decide on crops and prints; prints the address to open (COLLECTION, CONFIG, BY)
	@$(RUN) python tools/desk.py --collection "$(COLLECTION)" --configfile $(CONFIG) \
		$(if $(BY),--by "$(BY)") $(DESK_ARGS)

# A zip, for the pages of maps and clusters are folders. Snakemake warns of its own coroutines here.
report: setup ## Snakemake's report on the demo, results/report.zip: unpack it, open report/report.html
	@$(RUN) PYTHONWARNINGS=ignore::RuntimeWarning $(DEMO) --report results/report.zip

bench: setup ## speed as ratios of paired runs, into docs/performance.md (half an hour)
	@$(RUN) python -m benchmarks $(BENCH)

bench-all: setup ## likewise, and the quality of the fast way and growth to 16,000 pictures (hours)
	@$(RUN) python -m benchmarks --all

# One thread: the tests are many small computations, and threads that wait for each other spin.
test: setup ## everything: style, unit tests, the workflow from end to end, real data where it is
	@start=$$(date +%s); rm -f "$(LEFT_OUT)"; \
	$(MAKE) --no-print-directory lint && \
	echo "== pytest" && $(RUN) OMP_NUM_THREADS=1 BILDERATLAS_LEFT_OUT="$(LEFT_OUT)" \
		python -m pytest --durations=10 --durations-min=1 $(PYTEST_ARGS) && \
	seconds=$$(($$(date +%s) - start)) && \
	took="in $$((seconds / 60)) min $$((seconds % 60)) s" && echo && \
	if [ -s "$(LEFT_OUT)" ]; then \
		echo "make test: passed $$took, but left out (there is no chromium on the PATH): $$(cat "$(LEFT_OUT)")"; \
	else echo "make test: all passed $$took"; fi

check-fast: setup ## the unit tests alone, without the slow ones
	@$(RUN) python -m pytest tests/unit -m "not slow" $(PYTEST_ARGS)

style: setup
	@echo "== ruff" && $(RUN) ruff check $(STYLED) && $(RUN) ruff format --check $(STYLED)
	@echo "== snakefmt" && $(RUN) snakefmt --check Snakefile workflow/rules

lint: style ## ruff, snakefmt and snakemake --lint
	@echo "== snakemake --lint" && $(RUN) python tools/lint_workflow.py --configfile config/specimen.yaml

lock: setup ## requirements.txt anew from pyproject.toml (UPGRADE=1 takes the newest versions)
	@sh tools/lock.sh $(if $(UPGRADE),--upgrade)

clean: ## what was installed and what the demo made; results of your own collections stay
	rm -rf .venv .tools .cache .pytest_cache .ruff_cache
	rm -rf results/specimen results/specimen-dew results/specimen-scans results/models/*+specimen.* \
		results/models/*+specimen-dew.* resources/specimen resources/specimen-dew resources/specimen-scans
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
