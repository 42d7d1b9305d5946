# A thin front over bootstrap.py, for those who have make.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: setup run demo test lint type cov docs pictures i18n bench build clean

setup:
	@$(PYTHON) bootstrap.py setup
run:
	@$(PYTHON) bootstrap.py run
demo:
	@$(PYTHON) bootstrap.py demo
test:
	@$(PYTHON) bootstrap.py test
lint:
	@$(PYTHON) bootstrap.py lint
type: $(BIN)/mypy
	@$(BIN)/mypy
cov: $(BIN)/pytest
	@$(BIN)/pytest -n 2 --dist worksteal --cov --cov-report html:build/coverage
docs: $(BIN)/pytest
	@$(BIN)/pytest -n 2 --dist worksteal --write-tables
	@$(BIN)/python -m crm_tui.commands.docs > docs/keys.md
	@$(BIN)/python -m crm_tui.cli.docs > docs/cli.md
pictures: $(BIN)/pytest
	@for screen in today mail tasks calendar interests; do \
		$(BIN)/crm screenshot $$screen --demo --lang en --size 120x40 -o docs/pictures/$$screen.svg || exit 1; done
i18n: $(BIN)/pybabel
	@$(BIN)/python tools/i18n.py update
	@$(BIN)/python tools/i18n.py check
bench: $(BIN)/pytest
	@for name in list screen search parse sync; do $(BIN)/python -m benchmarks.$$name || exit 1; done
build: $(BIN)/hatchling
	@$(BIN)/hatchling build
clean:
	rm -rf .venv build dist .coverage .mypy_cache .ruff_cache .import_linter_cache .hypothesis

$(BIN)/mypy $(BIN)/pytest $(BIN)/pybabel $(BIN)/hatchling:
	@$(PYTHON) bootstrap.py lint
