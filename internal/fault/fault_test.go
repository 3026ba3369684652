// SPDX-License-Identifier: EUPL-1.2

package fault_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"vorzimmer/internal/fault"
)

func TestOf(t *testing.T) {
	cause := errors.New("disk")
	taken := fault.Wrap(cause, fault.Conflict, "booking.taken", "Name", "Quirin")
	for _, tc := range []struct {
		err  error
		want fault.Kind
	}{
		{taken, fault.Conflict},
		{fmt.Errorf("hold: %w", taken), fault.Conflict},
		{errors.Join(errors.New("other"), taken), fault.Conflict},
		{cause, fault.Internal},
		{nil, fault.Internal},
	} {
		if got := fault.Of(tc.err); got != tc.want {
			t.Errorf("%v: kind %d, want %d", tc.err, got, tc.want)
		}
	}
	if !errors.Is(taken, cause) {
		t.Error("the cause is lost")
	}
	if text := taken.Error(); strings.Contains(text, "Quirin") || !strings.Contains(text, "disk") {
		t.Errorf("for the log: %q", text)
	}
}
