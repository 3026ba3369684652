// SPDX-License-Identifier: EUPL-1.2

package e2e

import (
	"fmt"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"vorzimmer/internal/dbtest"
)

// TestKillInTheMiddle ends the program without warning while people reserve,
// book, move and cancel, again and again on the same database. Whatever was
// half done then, the check finds nothing wrong.
func TestKillInTheMiddle(t *testing.T) {
	for _, engine := range dbtest.Engines {
		t.Run(engine, func(t *testing.T) {
			var more []string
			data := filepath.Join(t.TempDir(), "data")
			location := filepath.Join(data, "vorzimmer.db")
			if engine != "sqlite" {
				location = dbtest.Location(t, engine)
				more = []string{"--database", location}
			}
			for range 3 {
				p := startDemo(t, data, more...)
				starts := newVisitor(t, p).starts(idCard)
				var steps atomic.Int64
				var crowd sync.WaitGroup
				for i := range 12 {
					crowd.Go(func() { busy(t, p, i, starts, &steps) })
				}
				eventually(t, "a hundred steps", func() bool { return steps.Load() >= 100 })
				p.kill(t)
				crowd.Wait()
				settings := writeFile(t, filepath.Join(data, "check.yaml"), settingsFor(t, "http", location))
				out, _ := want(t, 0, "check", "--config", settings)
				if strings.HasPrefix(out, "Checked 0 ") {
					t.Errorf("nothing was checked: %s", out)
				}
			}
		})
	}
}

// busy books one appointment after the other, moves some and cancels some,
// until the program is gone. What it is refused does not matter here.
func busy(t *testing.T, p *process, i int, starts []string, steps *atomic.Int64) {
	for n := 0; ; n++ {
		v := newVisitor(t, p)
		post := func(to string, form url.Values) (string, bool) {
			a, err := v.client.PostForm(p.base+to, form)
			if err != nil {
				return "", false
			}
			defer a.Body.Close()
			steps.Add(1)
			if a.StatusCode >= http.StatusInternalServerError {
				t.Errorf("status %d", a.StatusCode)
			}
			return a.Header.Get("Location"), true
		}
		start := starts[(i*37+n*11)%len(starts)]
		hold, alive := post("/de/times", url.Values{"service": {idCard}, "location": {"rathaus"}, "start": {start}})
		if !alive {
			return
		}
		if hold == "" {
			continue // taken
		}
		check, _ := post(hold, person(fmt.Sprintf("crash%d-%d@example.org", i, n)))
		done, _ := post(check, url.Values{})
		manage := strings.Replace(strings.TrimSuffix(done, "/done"), "/hold/", "/appointment/", 1)
		if done == "" || n%3 == 0 {
			continue
		}
		post(manage+"/move", url.Values{"start": {starts[(i*13+n*7)%len(starts)]}})
		if n%3 == 1 {
			post(manage+"/cancel", url.Values{})
		}
	}
}
