// SPDX-License-Identifier: EUPL-1.2

// Package accesslog keeps the log of who asked for which page, with the ten
// fields that the privacy notice lists and no eleventh, and makes it short and
// nothing again.
//
// Nothing that a visitor typed or that a program sent as free text gets into
// it: routes stand for paths, origins for the pages of other sites, and of what
// a browser says about itself only what is recognised. There is one folder for
// each tenant, because the log is the controller's. This package knows no
// request; it gets a Visit.
package accesslog

import (
	"net/netip"
	"reflect"
	"strings"
	"time"
)

// What stands where there is nothing that may be written.
const (
	Other   = "other"   // a browser, system or page that is not recognised
	Unknown = "unknown" // a path that no route has
)

// Entry is one line of the log, as a JSON object. What is not known is an
// empty text; a line has always all ten fields.
type Entry struct {
	IP       string `json:"ip"`       // of the visitor; shortened to a network's after a while
	Time     string `json:"time"`     // when the answer ended, 2026-11-22T14:03:27
	Zone     string `json:"zone"`     // difference of that time to GMT; always +00:00, as the names of the files
	Request  string `json:"request"`  // method and route, GET /de/appointment/{secret}
	Status   int    `json:"status"`   // RFC 9110, section 15
	Bytes    int64  `json:"bytes"`    // of the answer's content, as sent
	Referrer string `json:"referrer"` // route of a page of ours, or origin of another site
	Browser  string `json:"browser"`  // a name from a list, bot, or other
	System   string `json:"system"`   // operating system: a name from a list, or other
	Language string `json:"language_version"`
}

// Fields are the keys of an Entry in their order.
func Fields() []string {
	var keys []string
	for field := range reflect.TypeFor[Entry]().Fields() {
		keys = append(keys, field.Tag.Get("json"))
	}
	return keys
}

// Visit is what is known when an answer has ended. Request and Referrer hold
// no path, no query and no secret; Route and Origin make them.
type Visit struct {
	Address  netip.Addr
	Request  string
	Status   int
	Bytes    int64
	Referrer string
	// As the browser sent them, not trusted.
	UserAgent, AcceptLanguage string
}

func entry(v Visit, now time.Time) Entry {
	browser, version, system := agent(v.UserAgent)
	e := Entry{Time: now.UTC().Format("2006-01-02T15:04:05"), Zone: now.UTC().Format("-07:00"), Request: v.Request,
		Status: v.Status, Bytes: v.Bytes, Referrer: v.Referrer, Browser: browser, System: system,
		Language: strings.TrimSpace(language(v.AcceptLanguage) + " " + version)}
	if v.Address.IsValid() {
		e.IP = v.Address.Unmap().WithZone("").String() // a zone is any text
	}
	return e
}

// Short takes from an IP address what names a household: it returns the
// address of its network, /24 of IPv4 and /48 of IPv6. Of what is no address
// nothing is left.
func Short(ip string) string {
	a, err := netip.ParseAddr(ip)
	if err != nil {
		return ""
	}
	a, bits := a.Unmap(), 48
	if a.Is4() {
		bits = 24
	}
	return netip.PrefixFrom(a, bits).Masked().Addr().String()
}
