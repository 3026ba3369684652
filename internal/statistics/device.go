// SPDX-License-Identifier: EUPL-1.2

package statistics

import "github.com/mileusna/useragent"

// The parts of Device.
const (
	Phone    = "phone"
	Tablet   = "tablet"
	Computer = "computer"
	Other    = "other"
)

// maxAgent is how much of a header is looked at, in bytes. What honest programs
// send is shorter.
const maxAgent = 512

// DeviceOf is the part of Device for a User-Agent header (RFC 9110, section
// 10.1.5). Programs that say they are none of a person's are Other.
func DeviceOf(agent string) string {
	switch ua := useragent.Parse(agent[:min(len(agent), maxAgent)]); {
	case ua.Bot:
		return Other
	case ua.Tablet:
		return Tablet
	case ua.Mobile:
		return Phone
	case ua.Desktop:
		return Computer
	}
	return Other
}
