// SPDX-License-Identifier: EUPL-1.2

package rights

import (
	"context"
	"time"

	"vorzimmer/internal/audit"
	"vorzimmer/internal/db"
	"vorzimmer/internal/document"
	"vorzimmer/internal/locale"
	"vorzimmer/internal/office"
	"vorzimmer/internal/privacy"
)

// What people did with their rights, in the audit.
const (
	actAccessed audit.Action = "rights.accessed"
	actExported audit.Action = "rights.exported"
)

// Access is everything that is kept about whoever asks, in plain words (Art. 15
// GDPR), with the same data for machines. That it was looked at is on record. It
// answers like Subject.
func (r *Rights) Access(ctx context.Context, by Asker, l locale.Lang) (document.Document, *Data, error) {
	d, cat, err := r.read(ctx, by, l, actAccessed)
	if err != nil {
		return document.Document{}, nil, err
	}
	return r.document(d, cat, l), d, nil
}

// AccessOf is Access for a letter to somebody whom the office has recognised: the
// caller has asked who may see it, and records it.
func (r *Rights) AccessOf(ctx context.Context, tx *db.Tx, s *Subject, l locale.Lang) (document.Document, error) {
	d, cat, err := r.collect(ctx, tx, s, l)
	if err != nil {
		return document.Document{}, err
	}
	return r.document(d, cat, l), nil
}

// read collects what there is, and records that somebody looked: nobody sees it
// unless that is on record.
func (r *Rights) read(ctx context.Context, by Asker, l locale.Lang, act audit.Action) (*Data, *office.Catalogue, error) {
	var s *Subject
	var d *Data
	var cat *office.Catalogue
	err := r.DB.Read(ctx, func(tx *db.Tx) error {
		var err error
		if s, err = r.Subject(ctx, tx, by); err == nil {
			d, cat, err = r.collect(ctx, tx, s, l)
		}
		return err
	})
	if err != nil {
		return nil, nil, err
	}
	err = r.DB.Write(ctx, func(tx *db.Tx) error { return record(ctx, tx, s, act) })
	return d, cat, err
}

// record notes what somebody did with what is kept about themselves.
func record(ctx context.Context, tx *db.Tx, s *Subject, act audit.Action) error {
	e := audit.Entry{TenantID: s.TenantID, Actor: audit.Actor{Kind: audit.Citizen}, Action: act, SubjectID: s.AccountID}
	if len(s.Persons) > 0 {
		e.PersonID = s.Persons[0]
		return audit.Append(ctx, tx, e, s.Persons[1:]...)
	}
	if s.AccountID == "" {
		return nil // there is nothing to look at, and nobody whom it would be about
	}
	return audit.Append(ctx, tx, e)
}

// part is how a class of data is shown.
type part struct {
	class *privacy.Class
	write func(*writer) []document.Section // nil: reason says why there is nothing
	// reason is the end of a key of a text, "rights.reason.": where else such data
	// stand, or why nobody can tell whose they are.
	reason string
}

// parts are all classes of personal data, in the order in which they are told of.
var parts = []part{
	{class: privacy.Account, write: (*writer).account},
	{class: privacy.Login, write: (*writer).logins},
	{class: privacy.Session, write: (*writer).sessions},
	{class: privacy.Consent, write: (*writer).consents},
	{class: privacy.Registration, write: (*writer).pending},
	{class: privacy.Appointment, write: (*writer).records},
	{class: privacy.Message, write: (*writer).mails},
	{class: privacy.Audit, write: (*writer).audit},
	{class: privacy.Request, write: (*writer).requests},
	{class: privacy.Sensitive, reason: "sensitive"},
	{class: privacy.Hold, reason: "hold"},
	{class: privacy.LoginAddress, reason: "login_address"},
	{class: privacy.RightsLink, reason: "rights_link"},
	{class: privacy.AccessLog, reason: "access_log"},
	{class: privacy.AccessAddress, reason: "access_log"},
	{class: privacy.Staff, reason: "staff"},
	{class: privacy.Backup, reason: "backup"},
}

// writer writes what is kept about somebody in one language.
type writer struct {
	*locale.Printer
	*Data
}

func (r *Rights) document(d *Data, cat *office.Catalogue, l locale.Lang) document.Document {
	w := &writer{r.Texts.Printer(l), d}
	doc := document.Document{Title: w.T("rights.access.title"), Lang: w.Lang(), Sections: []document.Section{w.about()}}
	var reasons []string
	for _, p := range parts {
		if p.write == nil {
			reasons = append(reasons, w.T("privacy.class."+p.class.Key)+": "+w.T("rights.reason."+p.reason))
			continue
		}
		doc.Sections = append(doc.Sections, p.write(w)...)
	}
	other := w.section("other")
	other.Add(w.T("rights.access.other"))
	other.AddList(reasons...)
	doc.Sections = append(doc.Sections, other)
	doc.Sections = append(doc.Sections, r.Notices.Purposes(cat, l)...)
	mine := w.section("your-rights")
	mine.AddList(w.T("rights.of.correct"), w.T("rights.of.erase"), w.T("rights.of.restrict"), w.T("rights.of.object"), w.T("rights.of.export"), w.T("rights.of.complaint"))
	mine.Add(w.T("rights.access.automated"))
	doc.Sections = append(doc.Sections, mine)
	return doc
}

func (w *writer) section(id string) document.Section {
	return document.Section{ID: id, Title: w.T("rights.section." + id)}
}

// about says what this is, and what is not in it.
func (w *writer) about() document.Section {
	s := w.section("about")
	s.Add(w.T("rights.access.text", "Town", w.Town, "Date", w.Date(w.Made), "Time", w.Time(w.Made)))
	s.Add(w.T("rights.access.source"))
	if w.Account == nil {
		s.Add(w.T("rights.access.guest"))
	}
	if w.Closed > 0 {
		s.Add(w.N("rights.access.closed", w.Closed))
	}
	return s
}

// when is an instant as words; empty for none.
func (w *writer) when(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return w.DayYear(t) + ", " + w.Time(t)
}

// day is the date of an instant; empty for none.
func (w *writer) day(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return w.DayYear(t)
}

// facts are names and values of what is there: pairs of the end of a key,
// "rights.fact.", and a value.
func (w *writer) facts(pairs ...string) []string {
	var list []string
	for i := 0; i < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			list = append(list, w.T("rights.fact."+pairs[i])+": "+pairs[i+1])
		}
	}
	return list
}

// yes is a word for what is so.
func (w *writer) yes(is bool) string {
	if is {
		return w.T("rights.yes")
	}
	return w.T("rights.no")
}
