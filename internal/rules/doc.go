// SPDX-License-Identifier: EUPL-1.2

// Package rules holds the tests that keep the house in order: who may import
// whom, headers, migration numbers. It has no code of its own.
package rules
