// SPDX-License-Identifier: EUPL-1.2

// Package examples holds tenant files to start from.
package examples

import _ "embed" // the file below

// OerErkenschwick is the town that the demonstration serves.
//
//go:embed oer-erkenschwick.yaml
var OerErkenschwick []byte
