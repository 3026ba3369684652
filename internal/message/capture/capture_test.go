// SPDX-License-Identifier: EUPL-1.2

package capture_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"vorzimmer/internal/clock"
	"vorzimmer/internal/dbtest"
	"vorzimmer/internal/fault"
	"vorzimmer/internal/message"
	"vorzimmer/internal/message/capture"
	"vorzimmer/internal/message/mailtest"
	"vorzimmer/internal/message/mime"
)

func start(t *testing.T) *capture.Transport {
	t.Helper()
	c, err := capture.New(mime.Sender{Name: "Stadt Beispielhausen", Address: "termine@example.org"}, clock.NewFake(dbtest.Start))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

var mail = message.Mail{
	To: "frieda.beispiel@example.org", Lang: "de", Subject: "Ihr Termin", Text: "Guten Tag,\n", HTML: "<p>Guten Tag,</p>",
	Calendar: []byte("BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"), Method: message.MethodRequest,
}

func TestCapture(t *testing.T) {
	c := start(t)
	if err := c.Send(t.Context(), "0198", mail); err != nil {
		t.Fatal(err)
	}
	got, err := c.Get("0198")
	if err != nil {
		t.Fatal(err)
	}
	if got.ID != "0198" || got.To != mail.To || got.Subject != mail.Subject || got.Text != mail.Text ||
		got.HTML != mail.HTML || string(got.ICS) != string(mail.Calendar) || !got.At.Equal(dbtest.Start) {
		t.Errorf("got %+v", got)
	}
	p := mailtest.Parse(t, got.Raw)
	if p.Word(t, "Subject") != mail.Subject || p.Part(t, "text/calendar").Body != string(mail.Calendar) {
		t.Errorf("raw mail is %s", got.Raw)
	}
	if _, err := c.Get("0199"); fault.Of(err) != fault.NotFound {
		t.Errorf("unknown id: %v", err)
	}
}

func TestKeepsTheNewest(t *testing.T) {
	c := start(t)
	for i := range 205 {
		if err := c.Send(t.Context(), fmt.Sprint(i), mail); err != nil {
			t.Fatal(err)
		}
	}
	list := c.List()
	if len(list) != 200 || list[0].ID != "204" || list[199].ID != "5" {
		t.Errorf("%d mails from %s to %s", len(list), list[0].ID, list[len(list)-1].ID)
	}
}

func TestRefusesWhatIsNoMail(t *testing.T) {
	c := start(t)
	m := mail
	m.To = "a@example.org\r\nBcc: b@example.org"
	if err := c.Send(t.Context(), "0198", m); !message.IsPermanent(err) || strings.Contains(err.Error(), "@") {
		t.Errorf("got %v", err)
	}
	if n := len(c.List()); n != 0 {
		t.Errorf("%d mails kept", n)
	}
	if _, err := capture.New(mime.Sender{Address: "nobody"}, clock.NewFake(dbtest.Start)); err == nil {
		t.Error("a sender without an address")
	}
}

func TestConcurrentUse(t *testing.T) {
	c := start(t)
	var all sync.WaitGroup
	for i := range 20 {
		all.Go(func() {
			if err := c.Send(t.Context(), fmt.Sprint(i), mail); err != nil {
				t.Error(err)
			}
			if _, err := c.Get(fmt.Sprint(i)); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if n := len(c.List()); n != 20 {
		t.Errorf("%d mails, want 20", n)
	}
}
