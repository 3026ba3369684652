// SPDX-License-Identifier: EUPL-1.2

// Package e2e tests the built program from outside: its pages in a real
// browser and as plain HTTP, its command line, and what it leaves on disk.
//
// It holds tests only. They know addresses, form fields and files, and nothing
// of the program's inside, except where a test would have to wait for an hour
// to pass. They need Linux, Chromium and PostgreSQL's programs.
package e2e
