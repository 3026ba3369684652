// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"testing"

	"vorzimmer/internal/programtest"
)

func TestMain(m *testing.M) { programtest.Main(m) }
