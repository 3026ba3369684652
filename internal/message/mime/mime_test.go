// SPDX-License-Identifier: EUPL-1.2

package mime_test

import (
	"bytes"
	"strings"
	"testing"

	"vorzimmer/internal/dbtest"
	"vorzimmer/internal/message"
	"vorzimmer/internal/message/mailtest"
	"vorzimmer/internal/message/mime"
)

var sender = mime.Sender{Name: "Stadt \"Groß\"\r\nBcc: evil@example.org", Address: "termine@example.org"}

func sample() message.Mail {
	return message.Mail{
		To: "frieda.beispiel@example.org", Lang: "de", Subject: "Ihr Termin für Grüße",
		Text: "Guten Tag,\n\n.\nÄÖÜ " + strings.Repeat("lang ", 300) + "\n", HTML: "<p lang=\"de\">Grüße</p>",
		Calendar: []byte("BEGIN:VCALENDAR\r\nX:Ü\r\n folded\r\nEND:VCALENDAR\r\n"), Method: message.MethodRequest,
	}
}

func build(t *testing.T, m message.Mail) mailtest.Parsed {
	t.Helper()
	msg, err := mime.Build(sender, "0198", dbtest.Start, m)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if _, err := msg.WriteTo(&b); err != nil {
		t.Fatal(err)
	}
	for line := range strings.SplitSeq(b.String(), "\r\n") {
		if len(line) > 998 || strings.ContainsAny(line, "\r\n") {
			t.Errorf("line breaks RFC 5322: %q", line)
		}
	}
	return mailtest.Parse(t, b.Bytes())
}

func TestBuild(t *testing.T) {
	m := sample()
	p := build(t, m)
	for name, want := range map[string]string{
		"Message-Id": "<0198@example.org>", "Date": "Mon, 07 Sep 2026 08:00:00 +0000",
		"Auto-Submitted": "auto-generated", "Content-Language": "de",
		"To": "<frieda.beispiel@example.org>", "Subject": "Ihr Termin für Grüße", "User-Agent": "", "X-Mailer": "", "Bcc": "",
	} {
		if got := p.Word(t, name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	if from, err := p.Header.AddressList("From"); err != nil || len(from) != 1 || from[0].Address != "termine@example.org" {
		t.Errorf("From is %v, %v", from, err)
	}
	var tree []string
	for _, part := range p.Parts {
		tree = append(tree, strings.TrimPrefix(part.Within, "multipart/")+":"+part.Type)
	}
	want := "alternative:text/plain alternative:text/html alternative:text/calendar mixed:application/ics"
	if got := strings.Join(tree, " "); got != want {
		t.Errorf("parts are %s", got)
	}
	if got := strings.ReplaceAll(p.Part(t, "text/plain").Body, "\r\n", "\n"); got != m.Text {
		t.Errorf("text is %q", got)
	}
	if got := p.Part(t, "text/html").Body; got != m.HTML {
		t.Errorf("HTML is %q", got)
	}
	cal := p.Part(t, "text/calendar")
	if cal.Params["method"] != "REQUEST" || !strings.EqualFold(cal.Params["charset"], "utf-8") || cal.Body != string(m.Calendar) {
		t.Errorf("calendar has %v and %q", cal.Params, cal.Body)
	}
	if file := p.Part(t, "application/ics"); file.FileName != "termin.ics" || file.Body != string(m.Calendar) {
		t.Errorf("file %q has %q", file.FileName, file.Body)
	}
}

func TestBuildWithoutCalendar(t *testing.T) {
	m := sample()
	m.Calendar, m.Method = nil, ""
	if n := len(build(t, m).Parts); n != 2 {
		t.Errorf("%d parts, want 2", n)
	}
}

func TestBuildWithFile(t *testing.T) {
	m := sample()
	m.Calendar, m.Method = nil, ""
	m.Files = []message.File{{Name: "liste\r\nBcc: evil@example.org.pdf", Type: "application/pdf", Content: []byte("%PDF-1.3\n\x00\xff.\r\n.")}}
	p := build(t, m)
	file := p.Part(t, "application/pdf")
	if file.Within != "multipart/mixed" || file.Body != string(m.Files[0].Content) || file.FileName != "liste  Bcc_ evil@example.org.pdf" ||
		p.Header.Get("Bcc") != "" || len(p.Parts) != 3 {
		t.Errorf("%d parts, file %q in %s has %q", len(p.Parts), file.FileName, file.Within, file.Body)
	}
}

func TestHeadersCannotBeInjected(t *testing.T) {
	for _, eol := range []string{"\r\n", "\n", "\r", "\x00", "\u0085"} {
		m := sample()
		m.Subject = "Ihr Termin" + eol + "Bcc: evil@example.org" + eol + eol + "Body"
		m.Lang = "de" + eol + "X-Evil: 1"
		p := build(t, m)
		if p.Header.Get("Bcc") != "" || p.Header.Get("X-Evil") != "" {
			t.Errorf("%q injects a header", eol)
		}
		if s := p.Word(t, "Subject"); strings.Join(strings.Fields(s), " ") != "Ihr Termin Bcc: evil@example.org Body" || strings.Contains(s, eol) {
			t.Errorf("subject is %q", s)
		}
	}
}

func TestRecipients(t *testing.T) {
	hostile := []string{
		"", "frieda", "frieda@", "@example.org", "a@example.org, b@example.org", "Frieda <a@example.org>", "<a@example.org>",
		"a@example.org\r\nBcc: b@example.org", "a@example.org\n", "a\x00@example.org", "a\u0085@example.org", "\"a\r\n b\"@example.org",
		"a@example.org (Frieda)", "\"Frieda\\\"\" <a@example.org>", "a@exa mple.org", "a@" + strings.Repeat("ü", 300) + ".example.org", "a@[127.0.0.1]",
	}
	for _, to := range hostile {
		m := sample()
		m.To = to
		_, err := mime.Build(sender, "0198", dbtest.Start, m)
		if !message.IsPermanent(err) {
			t.Errorf("%q: %v", to, err)
			continue
		}
		if strings.Contains(err.Error(), "example.org") {
			t.Errorf("%q: the error names the address: %v", to, err)
		}
	}
	for to, header := range map[string]string{
		"frieda+termin@example.org":  "<frieda+termin@example.org>",
		"o'beispiel@example.org":     "<o'beispiel@example.org>",
		"frieda@größe.example.org":   "<frieda@xn--gre-6ka8i.example.org>",
		"frieda.b@sub.a.example.org": "<frieda.b@sub.a.example.org>",
	} {
		m := sample()
		m.To = to
		if got := build(t, m).Header.Get("To"); got != header {
			t.Errorf("%q became %q", to, got)
		}
	}
}

func TestUnknownMethod(t *testing.T) {
	m := sample()
	m.Method = "REQUEST\r\nX-Evil: 1"
	if _, err := mime.Build(sender, "0198", dbtest.Start, m); !message.IsPermanent(err) {
		t.Errorf("got %v", err)
	}
}
