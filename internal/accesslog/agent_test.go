// SPDX-License-Identifier: EUPL-1.2

package accesslog

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestAgent(t *testing.T) {
	const (
		webKit = " AppleWebKit/537.36 (KHTML, like Gecko) "
		apple  = " AppleWebKit/605.1.15 (KHTML, like Gecko) "
	)
	for header, want := range map[string][3]string{
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0":                             {"Firefox", "145.0", "Windows"},
		"Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0":                               {"Firefox", "145.0", "Linux"},
		"Mozilla/5.0 (Android 15; Mobile; rv:145.0) Gecko/145.0 Firefox/145.0":                                         {"Firefox", "145.0", "Android"},
		"Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X)" + apple + "FxiOS/145.0 Mobile/15E148 Safari/605.1.15": {"Firefox", "145.0", "iOS"},
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64)" + webKit + "Chrome/143.0.0.0 Safari/537.36 Edg/143.0.0.0":          {"Edge", "143.0", "Windows"},
		"Mozilla/5.0 (Windows NT 10.0)" + webKit + "Chrome/70.0.3538.102 Safari/537.36 Edge/18.19041":                  {"Edge", "18", "Windows"},
		"Mozilla/5.0 (Linux; Android 10; K)" + webKit + "Chrome/143.0.0.0 Mobile Safari/537.36":                        {"Chrome", "143.0", "Android"},
		"Mozilla/5.0 (Linux; Android 10; K)" + webKit + "SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36":    {"Samsung Browser", "28.0", "Android"},
		"Mozilla/5.0 (X11; CrOS x86_64 14541.0.0)" + webKit + "Chrome/143.0.0.0 Safari/537.36":                         {"Chrome", "143.0", "ChromeOS"},
		"Mozilla/5.0 (X11; Linux x86_64)" + webKit + "Chrome/143.0.0.0 Safari/537.36 OPR/120.0.0.0":                    {"Opera", "120.0", "Linux"},
		"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)" + apple + "Version/18.6 Safari/605.1.15":                     {"Safari", "18.6", "macOS"},
		"Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X)" + apple + "Version/18.6 Mobile/15E148 Safari/604.1":   {"Safari", "18.6", "iOS"},
		"Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X)" + apple + "CriOS/143.0.7499.38 Mobile/1 Safari/604.1": {"Chrome", "143.0", "iOS"},
		"Mozilla/5.0 (X11; Linux x86_64)" + webKit + "HeadlessChrome/143.0.0.0 Safari/537.36":                          {"Headless Chrome", "143.0", "Linux"},
		"Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)":                                     {"bot", "", "other"},
		"Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)":                                      {"bot", "", "other"},
		"curl/8.5.0": {"other", "", "other"},
		"":           {"other", "", "other"},

		"geheim":                      {"other", "", "other"},
		"geheim/1.2 (geheim; geheim)": {"other", "", "other"},
		"Mozilla/5.0 (geheim; +https://geheim.example.org/geheim)":        {"bot", "", "other"},
		"Mozilla/5.0 (Windows NT geheim) Gecko/geheim Firefox/geheim":     {"Firefox", "", "Windows"},
		"Mozilla/5.0 (Linux; Android geheim; geheim) Firefox/49301234567": {"Firefox", "", "Android"},
		"Mozilla/5.0 (X11; Linux geheim) Firefox/145.49301234567":         {"Firefox", "145", "Linux"},
		"Firefox/145.0geheim":                               {"Firefox", "145", "other"},
		"Firefox/145\x00\x1b[31m":                           {"Firefox", "", "other"},
		"Firefox/145.0\",\"ip\":\"geheim":                   {"Firefox", "145", "other"},
		strings.Repeat("geheim ", 10_000) + "Firefox/145.0": {"other", "", "other"},
		"Mozilla/5.0 (X11; Linux x86_64) Firefox/145.0 " + strings.Repeat("(geheim", 9_000): {"Firefox", "145.0", "Linux"},
	} {
		browser, version, system := agent(header)
		if got := [3]string{browser, version, system}; got != want {
			t.Errorf("%.120q: got %q, want %q", header, got, want)
		}
	}
}

func TestLanguage(t *testing.T) {
	for header, want := range map[string]string{
		"":                                     "",
		"de":                                   "de",
		"de-DE,de;q=0.9,en;q=0.8":              "de-DE",
		" en-gb ; q=1":                         "en-GB",
		"zh-Hant-TW":                           "zh-TW",
		"es-419":                               "es-419",
		"*":                                    "",
		"geheim":                               "",
		"x-geheim":                             "",
		"de-x-geheim":                          "de",
		"de-DE-u-nu-geheim":                    "de-DE",
		"de-DE-1996":                           "de-DE",
		"de\x00":                               "",
		"de-DE" + strings.Repeat("-geheim", 9): "",
	} {
		if got := language(header); got != want {
			t.Errorf("%q: got %q, want %q", header, got, want)
		}
	}
}

func TestRoute(t *testing.T) {
	for pattern, want := range map[string]string{
		"GET /de/appointment/{secret}": "/de/appointment/{secret}",
		"POST /en/times":               "/en/times",
		"GET /de/{$}":                  "/de/",
		"/":                            Unknown,
		"":                             Unknown,
	} {
		if got := Route(pattern); got != want {
			t.Errorf("%q: got %q, want %q", pattern, got, want)
		}
	}
}

func TestOrigin(t *testing.T) {
	for address, want := range map[string]string{
		"https://www.example.org/geheim?geheim=1#geheim": "https://www.example.org",
		"HTTP://WWW.example.org:8080":                    "http://www.example.org:8080",
		"https://user:geheim@www.example.org/":           "https://www.example.org",
		"http://192.0.2.1/geheim":                        "http://192.0.2.1",
		"http://[2001:db8::1]:8080/geheim":               "http://[2001:db8::1]:8080",
		"http://[fe80::1%25geheim]/":                     Other,
		"https://www.example.org:4930123456789/":         "https://www.example.org",
		"https://geh_eim.example.org/":                   Other,
		"https://geheim\u00e4.example.org/":              Other,
		"https://" + strings.Repeat("geheim.", 40):       Other,
		"android-app://org.example.geheim/":              Other,
		"https:geheim":                                   Other,
		"/geheim":                                        Other,
	} {
		u, err := url.Parse(address)
		if err != nil {
			t.Fatal(err)
		}
		if got := Origin(u); got != want {
			t.Errorf("%q: got %q, want %q", address, got, want)
		}
	}
}

// languageVersion is all that the last field can be.
var languageVersion = regexp.MustCompile(`^([a-z]{2,3}(-([A-Z]{2}|[0-9]{3}))?)? ?([0-9]{1,3}(\.[0-9]{1,3})?)?$`)

// Whatever a client says about itself, only words from lists, codes of
// languages and short numbers get into the log.
func FuzzEntry(f *testing.F) {
	f.Add("Mozilla/5.0 (Linux; Android 10; K) Chrome/143.0.0.0 Mobile Safari/537.36", "de-DE,de;q=0.9")
	f.Add("Mozilla/5.0 (CrOS x86_64 ;Android) XiaoMi/MiuiBrowser/1.2 [FBAN/FBIOS;http://", "x-a")
	f.Add("/ // :(;)[;] Android (Linux 1", "de-419-x-b")
	f.Fuzz(func(t *testing.T, userAgent, accept string) {
		e := entry(Visit{UserAgent: userAgent, AcceptLanguage: accept}, time.Time{})
		if e.Browser != Other && e.Browser != bot && !slices.Contains(browsers, e.Browser) {
			t.Errorf("browser %q", e.Browser)
		}
		if e.System != Other && !slices.Contains(systems, e.System) {
			t.Errorf("system %q", e.System)
		}
		if !languageVersion.MatchString(e.Language) {
			t.Errorf("language and version %q", e.Language)
		}
	})
}
