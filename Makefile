# On a fresh Debian machine: `make demo`, `make test`, `make quick`, `make lint`, `make bench`, `make fuzz`, `make seeded`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SYSTEM := libreoffice-calc python3-uno fonts-noto-cjk fonts-liberation poppler-utils python3-venv dovecot-imapd
JOBS ?= 2
MINUTES ?= 10

.PHONY: demo test quick lint bench fuzz seeded template addin clean

demo: $(VENV)/installed
	rm -rf demo
	$(BIN)/fzzf demo demo

test: $(VENV)/installed $(VENV)/system
	$(BIN)/pytest -n $(JOBS)

# Half a minute, for while you work: no other program, no whole district.
quick: $(VENV)/installed
	$(BIN)/pytest -n $(JOBS) -m 'not slow'

lint: $(VENV)/installed
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

bench: $(VENV)/installed
	$(BIN)/python benchmarks/round.py
	$(BIN)/python benchmarks/reading.py

fuzz: $(VENV)/installed
	$(BIN)/python -W ignore -m tests.fuzz.run --minutes $(MINUTES)

# Three thousand faults in good returns: how many are told where they stand, and what else is.
seeded: $(VENV)/installed
	SEEDED_ROUNDS=4 $(BIN)/pytest -s tests/judge/test_seeded_faults.py

template: $(VENV)/installed
	$(BIN)/python workbooks/build.py

addin: $(VENV)/installed
	$(BIN)/fzzf addin build

$(VENV)/installed: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --constraint constraints.txt --editable '.[dev]'
	touch $@

# What only the tests need: the spreadsheet that judges ours, the mailbox that ours is collected from.
$(VENV)/system: $(VENV)/installed
	command -v soffice >/dev/null && command -v pdftoppm >/dev/null && test -x /usr/sbin/dovecot && \
	/usr/bin/python3 -c 'import uno' || \
	{ apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $(SYSTEM); }
	touch $@

clean:
	rm -rf $(VENV) demo build dist
