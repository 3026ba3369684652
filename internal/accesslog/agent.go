// SPDX-License-Identifier: EUPL-1.2

package accesslog

import (
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/mileusna/useragent"
	tags "golang.org/x/text/language"
)

// Longest headers that are looked at, in bytes. What honest programs send is
// shorter.
const (
	maxAgent    = 512
	maxLanguage = 35 // RFC 5646, section 4.4.1
)

// bot stands for all programs that say they are one.
const bot = "bot"

// browsers and systems are the names that can be in the log, as the library
// calls them.
var (
	browsers = []string{"Android browser", "Chrome", "Chromium", "Edge", "Facebook App", "Firefox", "Headless Chrome",
		"Huawei Browser", "Instagram App", "Internet Explorer", "Miui Browser", "Opera", "Opera Mini", "Opera Touch",
		"Safari", "Samsung Browser", "TikTok App", "Vivaldi"}
	systems = []string{"Android", "BlackBerry", "ChromeOS", "FreeBSD", "Harmony", "Linux", "Windows", "Windows Phone", "iOS", "macOS"}
)

// number is the beginning of a version: major and, if it is there, minor.
// Longer numbers are no versions of browsers.
var number = regexp.MustCompile(`^([0-9]{1,3}(?:\.[0-9]{1,3})?)(?:\.|$)`)

// agent reads a User-Agent header: name and version of the browser, and the
// operating system.
func agent(header string) (string, string, string) {
	ua := useragent.Parse(header[:min(len(header), maxAgent)])
	system := Other
	if slices.Contains(systems, ua.OS) {
		system = ua.OS
	}
	if !slices.Contains(browsers, ua.Name) {
		if ua.Bot {
			return bot, "", system
		}
		return Other, "", system
	}
	version := ""
	if m := number.FindStringSubmatch(ua.Version); m != nil {
		version = m[1]
	}
	return ua.Name, version, system
}

// language is the first language of an Accept-Language header (RFC 9110,
// section 12.5.4) with its region, without anything that the tag may carry
// beside (RFC 5646, section 2.2.7).
func language(header string) string {
	first, _, _ := strings.Cut(header, ",")
	first, _, _ = strings.Cut(first, ";")
	first = strings.TrimSpace(first)
	if len(first) > maxLanguage {
		return ""
	}
	tag, err := tags.Parse(first)
	if err != nil {
		return ""
	}
	base, _, region := tag.Raw()
	if base == (tags.Base{}) {
		return ""
	}
	if region == (tags.Region{}) {
		return base.String()
	}
	return base.String() + "-" + region.String()
}

// Route is a route of net/http's ServeMux as it is logged: the template of the
// path, without the method and without the mark for its end. No route is
// Unknown, and so is the one that takes what the others leave.
func Route(pattern string) string {
	if _, path, ok := strings.Cut(pattern, " "); ok {
		return strings.TrimSuffix(path, "{$}")
	}
	return Unknown
}

// hostName is a name as it stands in addresses, without what else a client
// could write there.
var hostName = regexp.MustCompile(`^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$`)

// Origin is the scheme and host of a page on another site (RFC 6454, section
// 4); Other if it has none.
func Origin(u *url.URL) string {
	name, scheme := strings.ToLower(u.Hostname()), strings.ToLower(u.Scheme)
	if scheme != "http" && scheme != "https" {
		return Other
	}
	if a, err := netip.ParseAddr(name); err == nil && a.Is6() && a.Zone() == "" {
		name = "[" + name + "]"
	} else if !hostName.MatchString(name) {
		return Other
	}
	if port := u.Port(); port != "" && len(port) <= 5 {
		name += ":" + port
	}
	return scheme + "://" + name
}
