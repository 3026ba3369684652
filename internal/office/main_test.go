// SPDX-License-Identifier: EUPL-1.2

package office_test

import (
	"testing"

	"vorzimmer/internal/dbtest"
)

func TestMain(m *testing.M) { dbtest.Main(m) }
