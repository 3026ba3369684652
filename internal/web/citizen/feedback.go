// SPDX-License-Identifier: EUPL-1.2

package citizen

import (
	"net/http"

	"vorzimmer/internal/fault"
	"vorzimmer/internal/feedback"
	"vorzimmer/internal/person"
	"vorzimmer/internal/web"
	"vorzimmer/internal/web/view"
)

// feedbackPath is the form's, without the language.
const feedbackPath = "/accessibility/feedback"

// reportsPerHour is how many barriers one network may report in an hour: each is a
// mail to somebody who reads it.
const reportsPerHour = 5

// feedbackPage: report a barrier.
type feedbackPage struct {
	view.Layout
	Report  feedback.Report // as it was typed
	Contact party           // for whom the form is one
	Action  string
}

// Barrier is the field for what is not accessible.
func (p feedbackPage) Barrier() view.Input {
	return view.Input{Name: feedback.FieldBarrier, Label: "field.label.barrier", Hint: "feedback.barrier_hint", Value: p.Report.Barrier,
		Rows: 8, Required: true, Error: p.ErrorFor(feedback.FieldBarrier)}
}

// Page is the field for where that is.
func (p feedbackPage) Page() view.Input {
	return view.Input{Name: feedback.FieldPage, Label: "field.label.barrier-page", Hint: "feedback.page_hint", Value: p.Report.Page,
		Type: "text", Error: p.ErrorFor(feedback.FieldPage)}
}

// Reach are the fields for how to answer.
func (p feedbackPage) Reach() []view.Input {
	return []view.Input{
		{Name: person.FieldEmail, Label: "field.label.email", Value: p.Report.Email, Type: "email", Autocomplete: "email", Error: p.ErrorFor(person.FieldEmail)},
		{Name: person.FieldPhone, Label: "field.label.phone", Value: p.Report.Phone, Type: "tel", Autocomplete: "tel", Error: p.ErrorFor(person.FieldPhone)},
	}
}

func (p *pages) askFeedback(w http.ResponseWriter, r *web.Request) error {
	return p.renderFeedback(w, r, feedback.Report{}, nil)
}

func (p *pages) renderFeedback(w http.ResponseWriter, r *web.Request, typed feedback.Report, problem error) error {
	page := feedbackPage{Layout: r.Layout("feedback.title"), Report: typed, Contact: contactParty(&r.Catalogue.Tenant), Action: r.Path(feedbackPath)}
	status := r.Show(&page.Layout, problem)
	return r.Render(w, status, p.views, "feedback", page)
}

// sendFeedback takes a report. Only those that are complete count for the limit:
// who has to correct something has not used one up.
func (p *pages) sendFeedback(w http.ResponseWriter, r *web.Request) error {
	typed := feedback.Report{Lang: r.Lang(), Barrier: r.PostForm.Get(feedback.FieldBarrier), Page: r.PostForm.Get(feedback.FieldPage),
		Email: r.PostForm.Get(person.FieldEmail), Phone: r.PostForm.Get(person.FieldPhone)}
	report, fields := feedback.Check(typed)
	if len(fields) > 0 {
		return p.renderFeedback(w, r, typed, &fault.Error{Kind: fault.Invalid, Key: "form.incomplete", Fields: fields})
	}
	if !p.reports.Allow(r.Network()) {
		return p.renderFeedback(w, r, typed, fault.New(fault.TooMany, "feedback.limit"))
	}
	if err := p.say.Feedback.Post(r.Context(), r.Tenant, report); err != nil {
		return err
	}
	return r.SeeOther(feedbackPath + "/sent")
}

// feedbackSentPage: what happens next.
type feedbackSentPage struct {
	view.Layout
	StatementURL string
}

func (p *pages) feedbackSent(w http.ResponseWriter, r *web.Request) error {
	page := feedbackSentPage{Layout: r.Layout("feedback.sent_title"), StatementURL: r.Path("/accessibility")}
	return r.Render(w, http.StatusOK, p.views, "feedback-sent", page)
}
