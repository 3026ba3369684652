// SPDX-License-Identifier: EUPL-1.2

package demo

import (
	"bytes"
	"fmt"
	"io/fs"
	"mime"
	"net/http"
	"net/mail"
	"strconv"

	"vorzimmer/internal/fault"
	"vorzimmer/internal/message/capture"
	"vorzimmer/internal/web"
	"vorzimmer/internal/web/view"
)

// MailPath is where the captured mails are listed.
const MailPath = "/demo/mail"

type pages struct {
	views *view.Set
	mails *capture.Transport
	base  string // links below this URL are made clickable
}

// Register adds the pages to a site.
func Register(site *web.Site, mails *capture.Transport, base string) error {
	files, err := fs.Sub(templateFiles, "templates")
	if err != nil {
		return fmt.Errorf("open templates: %w", err)
	}
	views, err := view.New(files, site.Texts, site.Assets)
	if err != nil {
		return fmt.Errorf("demo pages: %w", err)
	}
	p := &pages{views: views, mails: mails, base: base}
	site.GetPlain(MailPath, web.Personal, p.list)
	site.GetPlain(MailPath+"/{id}", web.Personal, p.show)
	site.GetPlain(MailPath+"/{id}/raw.eml", web.Personal, p.raw)
	site.GetPlain(MailPath+"/{id}/termin.ics", web.Personal, p.calendar)
	site.GetPlain(MailPath+"/{id}/file/{n}", web.Personal, p.file)
	return nil
}

func (p *pages) list(w http.ResponseWriter, r *web.Request) error {
	page := mailsPage{Layout: r.Layout("demo.mails_title")}
	page.Languages = nil
	for _, m := range p.mails.List() {
		page.Mails = append(page.Mails, mailRow{At: m.At.In(r.Catalogue.Tenant.Zone), To: m.To, Subject: m.Subject,
			URL: MailPath + "/" + m.ID})
	}
	return r.Render(w, http.StatusOK, p.views, "mails", page)
}

func (p *pages) show(w http.ResponseWriter, r *web.Request) error {
	m, err := p.mails.Get(r.PathValue("id"))
	if err != nil {
		return err
	}
	url := MailPath + "/" + m.ID
	page := mailPage{Layout: r.Layout("demo.mail_title"), ListURL: MailPath, Headers: headers(m.Raw),
		Text: split(m.Text, p.base), HTML: m.HTML, RawURL: url + "/raw.eml"}
	page.Languages = nil
	if m.ICS != nil {
		page.CalendarURL = url + "/termin.ics"
	}
	for i, f := range m.Files {
		page.Files = append(page.Files, fileLink{Name: f.Name, URL: url + "/file/" + strconv.Itoa(i)})
	}
	return r.Render(w, http.StatusOK, p.views, "mail", page)
}

// headers are the ones that a mail program shows, decoded.
func headers(raw []byte) []header {
	m, err := mail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		return nil
	}
	var out []header
	for _, name := range []string{"From", "To", "Date", "Subject", "Message-ID", "Auto-Submitted"} {
		v := m.Header.Get(name)
		if plain, err := new(mime.WordDecoder).DecodeHeader(v); err == nil {
			v = plain
		}
		if v != "" {
			out = append(out, header{Name: name, Value: v})
		}
	}
	return out
}

func (p *pages) raw(w http.ResponseWriter, r *web.Request) error {
	m, err := p.mails.Get(r.PathValue("id"))
	if err != nil {
		return err
	}
	return download(w, "message/rfc822", "termin.eml", m.Raw)
}

func (p *pages) calendar(w http.ResponseWriter, r *web.Request) error {
	m, err := p.mails.Get(r.PathValue("id"))
	if err != nil {
		return err
	}
	return download(w, "text/calendar; charset=utf-8", "termin.ics", m.ICS)
}

// file is something attached to a mail, by its number.
func (p *pages) file(w http.ResponseWriter, r *web.Request) error {
	m, err := p.mails.Get(r.PathValue("id"))
	if err != nil {
		return err
	}
	n, err := strconv.Atoi(r.PathValue("n"))
	if err != nil || n < 0 || n >= len(m.Files) {
		return fault.New(fault.NotFound, "mail.not_found")
	}
	f := m.Files[n]
	return download(w, f.Type, f.Name, f.Content)
}

func download(w http.ResponseWriter, kind, name string, content []byte) error {
	w.Header().Set("Content-Type", kind)
	w.Header().Set("Content-Disposition", `attachment; filename="`+name+`"`)
	_, _ = w.Write(content)
	return nil
}
