# Variables given on the command line (DATE=…, ARGS=…) reach the scripts through the environment.
.DEFAULT_GOAL := help
.PHONY: help run test test-others lint format shell bench simulate screenshots pot description clean

help:  ## This list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run:  ## Mail today's batches into a local mail catcher, then serve the UI  [DATE=2026-02-28] [ONCE=1] [PORT=8069]
	@dev/run.sh

test:  ## Linters and all tests, browser tours included  [ARGS="-k view"]
	@dev/test.sh

test-others:  ## Odoo's and OCA's own tests with the module and without it  [SUITES="mass_mailing mail_tracking"]
	@dev/test-others.sh

lint:  ## Linters only
	@dev/lint.sh

format:  ## JavaScript and styles as prettier writes them
	@dev/lint.sh format

shell:  ## Odoo shell on the database of make run; reads a script from standard input  [DB=name]
	@dev/shell.sh

bench:  ## Measure against hand-written SQL and stock Odoo
	@dev/bench.sh

simulate:  ## Months of people, accidents and mail servers, judged by what left  [SEEDS=200] [FIRST=1] [DAYS=20] [PEOPLE=120] [JOBS=2] [SEED=17]
	@dev/simulate.sh

screenshots:  ## Every screen in English and Chinese at three widths, and what is wider than a phone  [SCREENS="today why"]
	@dev/screenshots.sh

pot:  ## Bring i18n/*.pot and the Chinese terms in step with the code
	@dev/pot.sh

description:  ## Bring the app list's page in step with the README
	@dev/description.sh

clean:  ## Forget this clone's databases, files and mails
	@dev/clean.sh
