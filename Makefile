PYTHON ?= python3
PORT ?= 8000
BIN = .venv/bin
# venv --without-pip and pip --python need neither python3-venv nor uv, and pass the guard of "externally managed" systems.
PIP = $(PYTHON) -m pip --python $(BIN)/python --disable-pip-version-check install --quiet --require-hashes

.venv/bin/python:
	$(PYTHON) -m venv --without-pip .venv

.venv/app: .venv/bin/python requirements.txt
	$(PIP) -r requirements.txt
	@touch $@

.venv/dev: .venv/bin/python requirements-dev.txt
	$(PIP) -r requirements-dev.txt
	@touch $@ .venv/app
