# `make run` and `make test` are all that a new machine needs. Both install what is missing into .venv.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
CONFIG ?=
# What the tests start, as COMMAND:PACKAGE. The command shows whether the package is installed.
DEBIAN := slapd:slapd ldapsearch:ldap-utils chromium:chromium nginx:nginx-light caddy:caddy groff:groff-base systemd-analyze:systemd fakeroot:fakeroot strip:binutils docker-compose:docker-compose curl:curl pg_ctlcluster:postgresql ip:iproute2
# The font of the pages in the tests' browser, as FILE:PACKAGE.
FONTS := /usr/share/fonts/truetype/dejavu/DejaVuSans.ttf:fonts-dejavu-core

.PHONY: run test check audit bench docs pictures man languages lock packages deb trim clean

# Where `serve` would find no configuration, the demo is asked for.
run: $(VENV)/.ready
	@demo=""; if [ -z "$(CONFIG)$$GATEWAY_CONFIG" ] && ! [ -e gateway.toml ] && ! [ -e /etc/directory-gateway/gateway.toml ]; then \
	  echo "There is no gateway.toml here: serving the demo directory. $(BIN)/directory-gateway init asks where your own contacts are."; demo=--demo; fi; \
	exec $(BIN)/directory-gateway serve $$demo $(if $(CONFIG),--config $(CONFIG))

test: packages check
	$(BIN)/python -m pytest -n 4 --dist loadscope

check: $(VENV)/.ready-dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

# Not part of `make test`, because it needs a package index that reports known vulnerabilities.
audit: $(VENV)/.ready-audit
	$(VENV)-audit/bin/pip-audit --no-deps --disable-pip -r requirements.lock
	$(VENV)-audit/bin/bandit -q -r app connectors -ll -s B104,B608

$(VENV)/.ready-audit: $(VENV)/.ready
	$(PYTHON) -m venv $(VENV)-audit
	$(VENV)-audit/bin/python -m pip install -q --disable-pip-version-check "pip-audit>=2.10" "bandit>=1.9"
	@touch $@

bench: $(VENV)/.ready-dev
	$(BIN)/python -m tests.bench

# The pages of docs/ as a site. A warning, such as a link to a page that is gone, is an error.
docs: $(VENV)/.ready-dev
	rm -rf site
	$(BIN)/sphinx-build -q -W --keep-going -d $(VENV)/doctrees docs site
	@echo "The first page is site/index.html."

# The man page, from the help of the commands.
man: $(VENV)/.ready
	$(BIN)/python packaging/make_man.py > packaging/directory-gateway.1

# The Debian package, for Debian's own Python: other ones may be anywhere.
DEB_PYTHON ?= /usr/bin/python3
deb: $(VENV)/.ready
	@echo "Building the Debian package with all libraries (a minute or two) ..."
	@$(BIN)/python packaging/make_deb.py --python $(DEB_PYTHON)

# The pictures of the console in docs/pictures/, from the demo.
pictures: packages $(VENV)/.ready-dev
	$(BIN)/python -m tests.browser.take_pictures

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; this is $$($(PYTHON) --version). Try: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then echo "Installing python3-venv ..."; apt-get update -qq >/dev/null && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends python3-venv >/dev/null; \
	  else echo "Python's venv module is missing. Install it as root (Debian: apt-get install python3-venv), then try again."; exit 1; fi; }
	@echo "Making a Python environment in $(VENV) ..."
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.ready: requirements.lock pyproject.toml | $(BIN)/python
	@echo "Installing the libraries into $(VENV) (once; a minute or two) ..."
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements.lock
	@echo "Installing directory-gateway into $(VENV) ..."
	@$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	@$(MAKE) -s --no-print-directory trim
	@touch $@

$(VENV)/.ready-dev: requirements-dev.lock $(VENV)/.ready
	@echo "Installing what the tests need into $(VENV) (once; a minute or two) ..."
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@$(MAKE) -s --no-print-directory trim
	@touch $@

# Google's client brings the descriptions of 600 services, 110 MB. The connector reads one of them.
trim:
	@for folder in $(VENV)/lib/python3*/site-packages/googleapiclient/discovery_cache/documents; do \
	  if [ -d "$$folder" ]; then find "$$folder" -name '*.json' ! -name people.v1.json -delete; fi; done

packages:
	@missing=""; for pair in $(DEBIAN); do \
	  PATH="$$PATH:/usr/sbin:/sbin" command -v "$${pair%%:*}" >/dev/null || missing="$$missing $${pair##*:}"; done; \
	for pair in $(FONTS); do test -f "$${pair%%:*}" || missing="$$missing $${pair##*:}"; done; \
	if [ -n "$$missing" ]; then \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    echo "Installing for the tests:$$missing"; \
	    apt-get update -q >/dev/null && RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends $$missing >/dev/null; \
	  else echo "The tests need these packages; install them as root (Debian: apt-get install$$missing), then try again."; exit 1; fi; fi

# Words that are new in the code go into each catalogue, words that are gone leave it, and the
# catalogues are compiled (docs/languages.md).
CATALOGUES := app/languages/catalogues
languages: $(VENV)/.ready-dev
	@words=$$(mktemp) && trap 'rm -f "$$words"' EXIT && \
	$(BIN)/pybabel -q extract --add-location=file --add-comments=Translators: --strip-comments --no-wrap --sort-by-file -o "$$words" app && \
	for file in $(CATALOGUES)/*.po; do language=$$(basename "$$file" .po); \
	  $(BIN)/pybabel -q update --ignore-obsolete --ignore-pot-creation-date --no-fuzzy-matching --no-wrap -i "$$words" -o "$$file" -l "$$language" && \
	  $(BIN)/pybabel -q compile -i "$$file" -o "$${file%.po}.mo" -l "$$language" || exit 1; \
	done

# The locks name no package index. uv is needed for this target alone.
lock: $(BIN)/python
	$(BIN)/python -m pip install -q --disable-pip-version-check uv
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url --no-emit-find-links --group build pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url --no-emit-find-links --group dev pyproject.toml -o requirements-dev.lock

clean:
	rm -rf $(VENV) $(VENV)-audit .mypy_cache .ruff_cache .hypothesis dist site
