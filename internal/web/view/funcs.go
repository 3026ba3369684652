// SPDX-License-Identifier: EUPL-1.2

package view

import (
	"errors"
	"fmt"
	"html/template"
	"time"

	"vorzimmer/internal/locale"
	"vorzimmer/internal/web/assets"
)

// funcs is what templates may call, bound to one language.
func funcs(p *locale.Printer, set *assets.Set) template.FuncMap {
	return template.FuncMap{
		"t":             p.T,
		"n":             p.N,
		"date":          p.Date,
		"dayMonth":      p.DayMonth,
		"dayYear":       p.DayYear,
		"weekday":       p.Weekday,
		"weekdayShort":  p.WeekdayShort,
		"month":         p.Month,
		"monthName":     func(t time.Time) string { return p.T(fmt.Sprintf("month.%d", t.Month())) },
		"time":          p.Time,
		"clock":         p.Clock,
		"minutes":       p.Minutes,
		"iso":           func(t time.Time) string { return t.Format(time.RFC3339) },
		"plain":         func(t locale.Text) string { return t.In(p.Lang()) },
		"text":          func(t locale.Text) template.HTML { return officeText(t, p.Lang()) },
		"phone":         phone,
		"asset":         set.URL,
		"assetsMissing": set.Missing,
		"steps":         func() int { return Steps },
		"weekdays":      weekdays,
		"memo":          func(string, any, any) (template.HTML, error) { return "", errMemo }, // each page gets its own
		"memoEach":      func(string, string, []Row) (template.HTML, error) { return "", errMemo },
	}
}

// errMemo answers a template that is no page.
var errMemo = errors.New("memo is for pages")

// officeText escapes a text of the office and marks its language where that
// is not the page's, so that a screen reader pronounces it right. Inside an
// attribute use the function plain instead.
func officeText(t locale.Text, page locale.Lang) template.HTML {
	s := template.HTMLEscapeString(t.In(page))
	if l := t.LangOf(page); l != page {
		s = `<span lang="` + template.HTMLEscapeString(string(l)) + `">` + s + `</span>`
	}
	return template.HTML(s) // #nosec G203 -- both parts are escaped above
}

// weekdays are the columns of a calendar, which begins on Monday (ISO 8601).
func weekdays() []time.Weekday {
	return []time.Weekday{time.Monday, time.Tuesday, time.Wednesday, time.Thursday,
		time.Friday, time.Saturday, time.Sunday}
}
