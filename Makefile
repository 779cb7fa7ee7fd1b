# Two commands set up everything: `make site` and `make test`. All that they make stays in this
# folder, the Debian packages that the tests need aside. Any Python from 3.11 on will do:
# `make site PYTHON=python3.12`.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.DEFAULT_GOAL := help
.PHONY: help site test lint docs bench builds bytes faults hostile bombs fuzz judge oldest newest
.PHONY: lock tools clean again

help: ## list these commands
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/make \1	\2/p' $(MAKEFILE_LIST) | expand -t 14

site: $(VENV)/.installed ## build the site of content/ into _site/
	$(BIN)/bibpress build

test: $(VENV)/.tests lint tools ## check style and types, run all tests
	$(BIN)/pytest -n 2 --dist loadfile

lint: $(VENV)/.tests ## check style and types only
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy

docs: $(VENV)/.installed ## build the documentation as a site, into build/docs/
	@$(BIN)/python -c 'import mkdocs' 2>/dev/null || $(PIP) --editable '.[docs]'
	$(BIN)/mkdocs build --strict --quiet

bench: $(VENV)/.tests tools ## measure the search over BIB=refs.bib (docs/search.md), LARGE=--large
	$(BIN)/python -m tests.bench.search $(BIB) $(LARGE)

builds: $(VENV)/.tests ## measure builds of BIB=refs.bib beside Hugo's (docs/performance.md)
	$(BIN)/python -m tests.bench.builds $(BIB) $(LARGE)

bytes: $(VENV)/.tests ## build one site in every way there is and compare all bytes (docs/trust.md)
	$(BIN)/python -m tests.same_bytes

faults: $(VENV)/.tests ## kill builds and let the disk fail, everywhere (docs/trust.md)
	$(BIN)/python -m tests.faults

hostile: $(VENV)/.tests tools ## put hostile strings everywhere and look in a browser (docs/trust.md)
	$(BIN)/python -m tests.hostile

bombs: $(VENV)/.tests ## feed what is nested, doubled and endless (docs/trust.md)
	$(BIN)/python -m tests.bombs

fuzz: $(VENV)/.tests ## read COUNT= random inputs, in every format (docs/trust.md)
	$(BIN)/python -m tests.fuzz $(if $(COUNT),--count $(COUNT))

judge: $(VENV)/.tests tools ## have others' instruments judge the demo, and BIB=refs.bib (docs/judged.md)
	$(BIN)/python -m tests.judge $(if $(BIB),--bib $(BIB)) $(if $(ONLY),--only $(ONLY))
judge: also = $(missing_for_judge)

oldest: $(VENV)/.tests tools ## run the tests with the oldest versions that pyproject.toml allows
	$(BIN)/python -m tests.versions oldest $(QUICK)

newest: $(VENV)/.tests tools ## run the tests with the newest versions of all libraries
	$(BIN)/python -m tests.versions newest $(QUICK)

lock: $(VENV)/.installed ## write requirements-dev.txt anew: the newest versions, with their hashes
	@$(PIP) --editable '.[lock]'
	$(BIN)/uv pip compile --quiet --upgrade --universal --generate-hashes --no-emit-index-url \
	  --no-annotate --custom-compile-command 'make lock' --extra dask --extra test \
	  --output-file $(LOCK) pyproject.toml

clean: ## remove all that these commands made here
	rm -rf $(VENV) _site ._site.bibpress static/vendor build dist
	rm -rf .hypothesis .mypy_cache .pytest_cache .ruff_cache
	find generator tests -name __pycache__ -prune -exec rm -rf {} +

# --- how it works --------------------------------------------------------------------------------

# A stamp tells that a step is done; it is taken again when what it read has changed, and the
# installation also when somebody removed what the build hook had put in place.
LOCK := requirements-dev.txt
WHAT_INSTALLS := pyproject.toml hatch_build.py package-lock.json
VENDORED := $(wildcard static/vendor/lunr.min.js)

PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check

# The tests run with the versions of the lock, each file compared with its hash. Where the index
# here does not have one of them, or not for this Python, the newest that are allowed come in their
# place, and that is said; a file with another hash is nobody's.
$(VENV)/.tests: $(VENV)/.installed $(LOCK)
	@echo "Installing what the tests need into $(VENV)"
	@$(PIP) --require-hashes --requirement $(LOCK) >$(VENV)/said 2>&1 || { cat $(VENV)/said; \
	  ! grep -q 'DO NOT MATCH THE HASHES' $(VENV)/said && \
	  echo "Not all of $(LOCK) can be had here: taking the newest versions that are allowed" && \
	  $(PIP) --editable '.[test]'; }
	@touch $@

$(VENV)/.installed: $(VENV)/.made $(WHAT_INSTALLS) $(if $(VENDORED),,again)
	@echo "Installing bibpress into $(VENV)"
	@$(PIP) --editable .
	@touch $@

# Debian's Python comes without ensurepip, and venv then leaves half an environment behind: so we
# ask first. ($(error) is the one way to end make with a single line.)
$(VENV)/.made:
	$(if $(call says,import sys; sys.version_info >= (3, 11) and print("yes")),,$(error \
	  bibpress needs Python 3.11 or newer and $(PYTHON) is not: name one, make PYTHON=python3.12))
	$(if $(call says,import ensurepip; import venv; print("yes")),,$(error \
	  $(PYTHON) has no venv or no ensurepip: apt install python3-venv (Debian, Ubuntu)))
	@$(PYTHON) -m venv $(VENV)
	@touch $@

says = $(shell $(PYTHON) -c '$(1)' 2>/dev/null)

# The outside judges of the tests, as Debian packages: a browser; Node, in which Lunr.js is asked
# what it would say; bibtex; the styles bibtex reads.
missing = $(strip \
  $(if $(or $(call has,chromium),$(call has,chromium-browser)),,chromium) \
  $(if $(call has,node),,nodejs) \
  $(if $(call has,bibtex),,texlive-binaries) \
  $(if $(call has,kpsewhich plain.bst),,texlive-base))
# What `make judge` asks besides: Java runs the Nu HTML checker. npm and PyPI have the rest of it.
missing_for_judge = $(strip \
  $(if $(call has,java),,default-jre-headless) \
  $(if $(call has,biber),,biber) \
  $(if $(call has,pandoc),,pandoc))
has = $(shell set -- $(1); command -v $$1 >/dev/null 2>&1 && { [ $$# = 1 ] || "$$@"; } && echo yes)

# Where we may not install them (no apt, no root), the tests that ask them are skipped.
tools:
	@missing='$(strip $(missing) $(also))'; [ -z "$$missing" ] && exit; \
	if [ "$$(id -u)" = 0 ]; then root=env; else root='sudo -n env'; fi; \
	if command -v apt-get >/dev/null && $$root true 2>/dev/null; then \
	  echo "Installing $$missing with apt"; \
	  $$root apt-get update -qq; \
	  $$root DEBIAN_FRONTEND=noninteractive \
	    apt-get install -qq --no-install-recommends $$missing >/dev/null && exit; \
	fi; \
	echo "Without $$missing: the tests that need them are skipped, or fail in CI"
