// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// step is what a visitor does with one request.
type step string

const (
	seeTimes  step = "page of times"
	reserve   step = "reserve"
	seeForm   step = "page of the form"
	sendForm  step = "send the form"
	seeCheck  step = "page to check"
	confirm   step = "book"
	seeDone   step = "page of the booking"
	everyStep step = "all"
)

var steps = []step{seeTimes, reserve, seeForm, sendForm, seeCheck, confirm, seeDone, everyStep}

// outcome is how a visit ends.
type outcome string

const (
	gotOne  outcome = "booked"
	noneAny outcome = "read that nothing is free"
	gaveUp  outcome = "left after five times that were just taken"
	failed  outcome = "failed"
)

// tries is how many times somebody reaches for an appointment.
const tries = 5

// visitor is one session: a network of its own, a cookie of its own.
type visitor struct {
	*crowd
	random  *rand.Rand
	network string // address in X-Forwarded-For
	cookie  string // as in the Cookie header
}

// answer is a response whose body was read.
type answer struct {
	status   int
	location string
	page     string
}

// visit is the whole of a visit. An error says at which step something went
// wrong, never for whom.
func (v *visitor) visit(ctx context.Context) (outcome, booked, error) {
	var b booked
	hold := ""
	a, err := v.get(ctx, seeTimes, "/de/times?service="+service)
	for try := 0; err == nil && hold == ""; try++ {
		free := times(a.page)
		switch {
		case len(free) == 0 && strings.Contains(a.page, v.say.nothing):
			return noneAny, b, nil
		case len(free) == 0:
			return failed, b, fmt.Errorf("after status %d: a page that offers nothing and does not say so", a.status)
		case try == tries:
			return gaveUp, b, nil
		}
		if err = v.think(ctx); err == nil {
			b.start = free[v.random.IntN(len(free))]
			a, hold, err = v.reserve(ctx, a.page, b.start)
		}
	}
	if err == nil {
		b.email, b.reference, err = v.book(ctx, hold)
	}
	if err != nil {
		return failed, b, err
	}
	return gotOne, b, nil
}

// reserve presses the button of a time. The hold's path is empty when somebody
// else was quicker; the answer then is the page that says so.
func (v *visitor) reserve(ctx context.Context, page, start string) (answer, string, error) {
	form := hidden(page)
	form.Set("start", start)
	a, err := v.post(ctx, reserve, action(page, `id="choose"`), form)
	switch {
	case err != nil:
		return a, "", err
	case a.status == http.StatusSeeOther && strings.HasPrefix(a.location, "/de/hold/"):
		return a, a.location, nil
	case a.status == http.StatusConflict && strings.Contains(a.page, v.say.taken):
		return a, "", nil
	}
	return a, "", unexpected(reserve, a)
}

// book fills in the form of a hold, checks, books and reads the result.
func (v *visitor) book(ctx context.Context, hold string) (string, string, error) {
	a, err := v.get(ctx, seeForm, hold)
	if err != nil {
		return "", "", err
	}
	form := hidden(a.page)
	email := v.typeIn(form)
	if err := v.think(ctx); err != nil {
		return "", "", err
	}
	if a, err = v.post(ctx, sendForm, action(a.page, `id="details"`), form); err != nil {
		return "", "", err
	}
	if a.status != http.StatusSeeOther {
		return "", "", unexpected(sendForm, a)
	}
	check := a.location
	if a, err = v.get(ctx, seeCheck, check); err != nil {
		return "", "", err
	}
	if a, err = v.post(ctx, confirm, action(a.page, `action="`+check+`"`), hidden(a.page)); err != nil {
		return "", "", err
	}
	if a.status != http.StatusSeeOther {
		return "", "", unexpected(confirm, a)
	}
	if a, err = v.get(ctx, seeDone, a.location); err != nil {
		return "", "", err
	}
	number := reference(a.page)
	if number == "" || !strings.Contains(a.page, v.say.booked) || !strings.Contains(a.page, email) {
		return "", "", fmt.Errorf("%s: it does not say what was booked", seeDone)
	}
	return email, number, nil
}

// typeIn enters an invented person. Nobody else has the telephone number,
// because there may be a limit for each.
func (v *visitor) typeIn(form url.Values) string {
	n := v.holders.Add(1) - 1
	email := fmt.Sprintf("rush-%d@example.org", n)
	form.Set("first-name", []string{"Zerbina", "Quirin", "Adelgund", "Ottokar"}[n%4])
	form.Set("last-name", []string{"Quastenflosser", "Beispielhuber", "Mustermaier"}[n%3])
	form.Set("email", email)
	form.Set("phone", fmt.Sprintf("030 23125 %03d", n%maxSlots))
	return email
}

// think lets a moment pass.
func (v *visitor) think(ctx context.Context) error {
	return wait(ctx, time.Duration(v.random.Float64()*float64(v.pause)))
}

func wait(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return errors.New("the time was over before the visit was")
	}
}

// get asks for a page, which must be there.
func (v *visitor) get(ctx context.Context, s step, path string) (answer, error) {
	a, err := v.send(ctx, s, http.MethodGet, path, nil)
	if err == nil && a.status != http.StatusOK {
		err = unexpected(s, a)
	}
	return a, err
}

func (v *visitor) post(ctx context.Context, s step, path string, form url.Values) (answer, error) {
	return v.send(ctx, s, http.MethodPost, path, strings.NewReader(form.Encode()))
}

// send makes a request and follows nothing. The time that it takes includes
// waiting for a connection, as a browser's would.
func (v *visitor) send(ctx context.Context, s step, method, path string, body io.Reader) (answer, error) {
	if !strings.HasPrefix(path, "/") {
		return answer{}, fmt.Errorf("%s: the page before does not lead here", s)
	}
	r, err := http.NewRequestWithContext(ctx, method, "http://"+v.address+path, body)
	if err != nil {
		return answer{}, fmt.Errorf("%s: the page before leads to no address", s)
	}
	r.Host = host
	r.Header.Set("X-Forwarded-For", v.network)
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	if body != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	if v.cookie != "" {
		r.Header.Set("Cookie", v.cookie)
	}
	began := time.Now() // not the clock of the program: that one may be set while this measures
	res, err := v.client.Do(r)
	if err != nil {
		return answer{}, fmt.Errorf("%s: %w", s, plain(err))
	}
	defer res.Body.Close()
	page, err := io.ReadAll(res.Body)
	if err != nil {
		return answer{}, fmt.Errorf("%s: %w", s, plain(err))
	}
	v.record.answered(s, res.StatusCode, time.Since(began))
	if c := res.Header.Get("Set-Cookie"); c != "" {
		v.cookie, _, _ = strings.Cut(c, ";")
	}
	return answer{res.StatusCode, res.Header.Get("Location"), string(page)}, nil
}

// plain is an error without the address, which may hold a secret.
func plain(err error) error {
	if u, ok := errors.AsType[*url.Error](err); ok {
		return u.Err
	}
	return err
}

func unexpected(s step, a answer) error { return fmt.Errorf("%s: status %d", s, a.status) }
