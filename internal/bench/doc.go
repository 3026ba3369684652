// SPDX-License-Identifier: EUPL-1.2

// Package bench measures slot search and booking on both engines, each beside
// a baseline in the same run: a handler that answers the same bytes from
// memory, and bare statements that write the same rows.
//
// Rates differ from machine to machine and from minute to minute; a ratio of
// two that were measured in turns says something everywhere. docs/performance.md
// tells how to run it and how to read it. Everything is in test files. Nothing
// here fails because something is slow; the plain tests only make sure that the
// baseline writes what a booking writes.
package bench
