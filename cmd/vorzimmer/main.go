// SPDX-License-Identifier: EUPL-1.2

// Command vorzimmer is the appointment service of a town hall. See
// `vorzimmer --help`.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"vorzimmer/internal/app"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := app.Run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}
