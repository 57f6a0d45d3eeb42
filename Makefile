# Every target says what it does: make help.
.DEFAULT_GOAL := help
.PHONY: help test bench soak generate migration dashboard lint

help: ## Lists the targets.
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | awk -F '\t' '{printf "make %-12s%s\n", $$1, $$2}'

test: ## Runs every check and test. Needs Go alone: see scripts/with-mysql and scripts/test-web.
	@scripts/with-mysql scripts/test

soak: ## Runs the tests with large numbers, for hours. TEST_SEED=n repeats a run.
	@TEST_SOAK=1 scripts/with-mysql go test -race -count=1 -timeout 12h -v ./...

bench: ## Measures against raw SQL on both engines and prints a table.
	@scripts/with-mysql go run ./internal/bench

generate: ## Makes the generated files anew.
	go generate ./...

migration: ## Writes the next migration of both dialects: make migration NAME=add_tags.
	@scripts/with-mysql scripts/migration "$(NAME)"

dashboard: ## Builds web/dist anew. Needs Node and npm.
	cd web && npm ci && npm run codegen && npm run build

lint: ## Formats the code and vets it.
	gofmt -w $$(find . -name '*.go' -not -path '*/node_modules/*')
	go vet ./...
