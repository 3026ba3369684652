// SPDX-License-Identifier: EUPL-1.2

package slot

// TickSeconds is the length of a tick in seconds. All hours, closures and slot
// intervals lie on this grid.
const TickSeconds = 300

// TickMinutes is the length of a tick in minutes.
const TickMinutes = TickSeconds / 60

// dayMinutes is the number of wall-clock minutes in a local day, whatever its
// real length is.
const dayMinutes = 24 * 60

// Tick is five minutes of time, counted from the start of 1970 in UTC: unix
// seconds divided by TickSeconds.
type Tick int64

// TickOf returns the tick in which an instant in unix seconds lies.
func TickOf(unix int64) Tick { return Tick(floorDiv(unix, TickSeconds)) }

// Unix returns the instant at which the tick begins, in unix seconds.
func (t Tick) Unix() int64 { return int64(t) * TickSeconds }

// Ticks rounds a duration in minutes up to whole ticks; nothing or less is 0.
// Durations of several services are added up first and rounded once, otherwise
// three services of seven minutes would cost 30 minutes instead of 25.
func Ticks(minutes int) int {
	if minutes <= 0 {
		return 0
	}
	return (minutes-1)/TickMinutes + 1
}

// floorDiv divides and rounds towards minus infinity, since instants before
// 1970 and minutes before a day's midnight are negative. The divisor must be
// positive.
func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}

// ceilDiv divides and rounds towards plus infinity; the divisor must be positive.
func ceilDiv(a, b int64) int64 {
	q := a / b
	if a%b > 0 {
		q++
	}
	return q
}
