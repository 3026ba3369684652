# SPDX-License-Identifier: EUPL-1.2

export CGO_ENABLED = 0

# The style sheet and script of the pages, built from npm packages.
ASSETS = internal/web/assets/dist/manifest.json

.PHONY: demo build test check bench conformance rush soak tools clean

demo: build ## serve the example town on 127.0.0.1:8080
	./vorzimmer demo

build: $(ASSETS) ## leave the program as ./vorzimmer
	go build -ldflags="-s -w" -o vorzimmer ./cmd/vorzimmer

node_modules/.package-lock.json: package.json package-lock.json
	npm ci --no-audit --no-fund
	@touch $@

$(ASSETS): node_modules/.package-lock.json $(wildcard assets/*)
	npm run --silent build

test: tools $(ASSETS) ## all tests: both engines, a real browser, the built program
	go test -timeout 20m ./...

check: $(ASSETS) ## format, vet, static analysis, known vulnerabilities, house rules
	@test -z "$$(gofmt -l cmd examples internal)" || { gofmt -l cmd examples internal; echo "run gofmt -w on these"; exit 1; }
	go vet ./...
	go tool staticcheck ./...
	go test ./internal/rules
	@scripts/vulncheck

bench: tools $(ASSETS) ## speed, as ratios to baselines of the same run
	go test -run '^$$' -bench . -benchtime 1x ./internal/bench

conformance: tools $(ASSETS) ## the clauses of the privacy notice, each with its test, as a table in docs/conformance.md
	scripts/conformance > docs/conformance.new; r=$$?; mv docs/conformance.new docs/conformance.md; cat docs/conformance.md; exit $$r

rush: build ## thousands of people for a few hundred appointments; nothing else should run
	go run ./internal/rush

soak: tools $(ASSETS) ## long proofs: race detector, a million appointments, fuzzing
	CGO_ENABLED=1 go test -race -timeout 40m -skip '^TestHistory$$' $$(go list ./... | grep -v /e2e)
	go test -timeout 40m -run '^TestHistory$$' ./internal/booking -past 1000000
	go test -run '^$$' -fuzz FuzzSlots -fuzztime 120s ./internal/slot
	go test -run '^$$' -fuzz FuzzParse -fuzztime 60s -fuzzminimizetime 5x ./internal/office

tools: ## what the tests need besides Go and npm
	@scripts/tools

clean:
	rm -rf vorzimmer demo-data node_modules
	find internal/web/assets/dist -type f ! -name '.git*' -delete
