// SPDX-License-Identifier: EUPL-1.2

package e2e

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"syscall"
	"testing"

	"vorzimmer/internal/clock"
	"vorzimmer/internal/db"
	"vorzimmer/internal/dbtest"
)

// TestKill ends the program without warning right after a booking, on both
// engines. What it has confirmed is there when it starts again.
func TestKill(t *testing.T) {
	for _, engine := range dbtest.Engines {
		t.Run(engine, func(t *testing.T) {
			var more []string
			location := ""
			if engine != "sqlite" {
				location = dbtest.Location(t, engine)
				more = []string{"--database", location}
			}
			p := startDemo(t, "", more...)
			if location == "" {
				location = p.data + "/vorzimmer.db"
			}
			v := newVisitor(t, p)
			booked := v.book(person("kill@example.org"), 0, trade)
			held := v.hold(v.starts(trade)[0], trade)
			p.kill(t)

			again := startDemo(t, p.data, more...)
			v.base = again.base
			if got := v.page(booked.manage).one(".reference").Text(); got != booked.reference {
				t.Errorf("reference %q, want %q", got, booked.reference)
			}
			if slices.Contains(v.starts(trade), booked.start) {
				t.Error("the booked time is offered")
			}
			v.fill(held, person("kill2@example.org"))
			if resumed := v.page("/de/").doc().Find(`main a[href="` + held + `"]`); resumed.Length() != 1 {
				t.Error("the session is forgotten")
			}
			if to := v.seeOther(v.cancel(booked.manage)); to != booked.manage {
				t.Errorf("cancelling leads to %s", to)
			}
			noMailLost(t, location)
		})
	}
}

// noMailLost checks that each mail about the one appointment, booked and then
// cancelled, has been sent or still waits.
func noMailLost(t *testing.T, location string) {
	t.Helper()
	d, err := db.Open(t.Context(), location, clock.System{})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	var n int
	err = d.Read(t.Context(), func(tx *db.Tx) error {
		return tx.QueryRow(t.Context(), "SELECT COUNT(*) FROM message WHERE state IN ('sent', 'queued') AND appointment_id IS NOT NULL").Scan(&n)
	})
	if err != nil {
		t.Fatal(err)
	}
	if n != 4 {
		t.Errorf("%d mails were sent or wait, want 4", n)
	}
}

// TestStopDuringRequest asks the program to end while somebody sends a form:
// the form is still answered.
func TestStopDuringRequest(t *testing.T) {
	p := startDemo(t, "")
	v := newVisitor(t, p)
	hold := v.hold(v.starts(trade)[0], trade)
	host := strings.TrimPrefix(p.base, "http://")
	body := person("slow@example.org").Encode()
	conn, err := net.Dial("tcp", host)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	_, err = fmt.Fprintf(conn, "POST %s HTTP/1.1\r\nHost: %s\r\nContent-Type: application/x-www-form-urlencoded\r\n"+
		"Content-Length: %d\r\nExpect: 100-continue\r\n\r\n", hold, host, len(body))
	if err != nil {
		t.Fatal(err)
	}
	r := bufio.NewReader(conn)
	// The program says so when it begins to read the form.
	if line, err := r.ReadString('\n'); err != nil || !strings.HasPrefix(line, "HTTP/1.1 100") {
		t.Fatalf("%q, %v", line, err)
	}
	if _, err := r.ReadString('\n'); err != nil {
		t.Fatal(err)
	}
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the program to take no more visitors", func() bool {
		other, err := net.Dial("tcp", host)
		if err == nil {
			other.Close()
		}
		return err != nil
	})
	if _, err := io.WriteString(conn, body); err != nil {
		t.Fatal(err)
	}
	a, err := http.ReadResponse(r, nil)
	if err != nil {
		t.Fatalf("no answer: %v", err)
	}
	a.Body.Close()
	if a.StatusCode != http.StatusSeeOther || !strings.HasSuffix(a.Header.Get("Location"), "/check") {
		t.Errorf("status %d", a.StatusCode)
	}
	p.wait(t)
	if code := p.cmd.ProcessState.ExitCode(); code != 0 {
		t.Errorf("exit code %d\n%s", code, p.log)
	}
	again := startDemo(t, p.data)
	v.base = again.base
	shown(t, v.page(hold), "email", "slow@example.org")
}

// TestInterrupt ends the program as Ctrl-C does.
func TestInterrupt(t *testing.T) {
	p := startDemo(t, "")
	if err := p.cmd.Process.Signal(syscall.SIGINT); err != nil {
		t.Fatal(err)
	}
	p.wait(t)
	if code := p.cmd.ProcessState.ExitCode(); code != 0 {
		t.Errorf("exit code %d\n%s", code, p.log)
	}
}
