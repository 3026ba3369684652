// SPDX-License-Identifier: EUPL-1.2

// Package app is the program as a value that tests can start: the
// subcommands, and the wiring of all packages into a running service.
//
// It makes no decision about appointments; it only connects those who do.
package app

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"runtime/debug"
	"strings"

	"vorzimmer/internal/clock"
	"vorzimmer/internal/fault"
	"vorzimmer/internal/locale"

	"github.com/alecthomas/kong"
)

// Exit codes of the program.
const (
	exitOK     = 0
	exitFailed = 1 // the command was understood and failed
	exitUsage  = 2 // the command was not understood
)

// commands is the whole command line.
type commands struct {
	Init    initCommand    `cmd:"" help:"Make the key and a settings file for a new installation."`
	Migrate migrateCommand `cmd:"" help:"Bring the database to the schema of this program."`
	Import  importCommand  `cmd:"" help:"Import or update a tenant from a file."`
	User    userCommand    `cmd:"" help:"Make and manage accounts of those who work at the office."`
	Serve   serveCommand   `cmd:"" help:"Serve the tenants of a settings file."`
	Check   checkCommand   `cmd:"" help:"Prove over the whole database what the program promises. Only reads; may run beside the service."`
	Privacy privacyCommand `cmd:"" help:"What is kept and what was deleted."`
	Demo    demoCommand    `cmd:"" help:"Serve the example town with invented data. Nothing is sent anywhere."`

	Version kong.VersionFlag `help:"Print the version and exit."`
}

// env is what every command gets.
type env struct {
	ctx   context.Context
	out   io.Writer
	log   *slog.Logger
	clock clock.Clock
	texts *locale.Catalogue
}

// printer writes to the operator, in the language of the terminal.
func (e *env) printer() *locale.Printer { return e.texts.Printer(terminalLang()) }

// terminalLang is German where the terminal is, else English. The first
// variable that is set counts (POSIX, section 8.2).
func terminalLang() locale.Lang {
	value := cmp.Or(os.Getenv("LC_ALL"), os.Getenv("LC_MESSAGES"), os.Getenv("LANG"))
	if strings.HasPrefix(value, "de") {
		return locale.DE
	}
	return locale.EN
}

// Run runs a command line without the program's name and returns the exit
// code. It returns when the command is done or, for those that serve, when
// ctx ends.
func Run(ctx context.Context, args []string, out, errOut io.Writer) int {
	exit := -1
	var c commands
	parser, err := kong.New(&c, kong.Name("vorzimmer"),
		kong.Description("Appointments for a town hall: citizens book, the office gets its mail, nobody is booked twice."),
		kong.Writers(out, errOut), kong.Exit(func(code int) { exit = code }),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true}), kong.Vars{"version": Version()})
	if err != nil {
		fmt.Fprintln(errOut, err)
		return exitFailed
	}
	if len(args) == 0 {
		args = []string{"--help"}
	}
	parsed, err := parser.Parse(args)
	if exit >= 0 {
		return exit // --help and --version have answered
	}
	if err != nil {
		fmt.Fprintf(errOut, "vorzimmer: %v\nTry: vorzimmer --help\n", err)
		return exitUsage
	}
	texts, err := locale.Load()
	if err != nil {
		fmt.Fprintln(errOut, err)
		return exitFailed
	}
	e := &env{ctx: ctx, out: out, log: slog.New(slog.NewTextHandler(errOut, nil)), clock: clock.System{}, texts: texts}
	if err := parsed.Run(e); err != nil {
		fmt.Fprintf(errOut, "vorzimmer: %s\n", e.explain(err))
		return exitFailed
	}
	return exitOK
}

// explain puts a fault into words for the operator.
func (e *env) explain(err error) string {
	f, ok := fault.As(err)
	if !ok {
		return err.Error()
	}
	text := e.printer().T(f.Key, f.Args...)
	if f.Cause != nil {
		text = strings.TrimSuffix(text, ".") + ": " + f.Cause.Error()
	}
	return text
}

// version is set by the linker when a release is built.
var version = ""

// Version is the release, or the commit that the program was built from.
func Version() string {
	if version != "" {
		return version
	}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" {
			return "development " + s.Value
		}
	}
	return "development"
}
