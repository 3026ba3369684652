// SPDX-License-Identifier: EUPL-1.2

package desk

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"vorzimmer/internal/staff"
)

// lookEvery is how often a stream looks whether another process has changed
// something, and whether its reader may still see it.
const lookEvery = 5 * time.Second

// allowStream lets the script of a page follow its list and fetch it anew.
func allowStream(w http.ResponseWriter) {
	h := w.Header()
	h.Set("Content-Security-Policy", h.Get("Content-Security-Policy")+"; connect-src 'self'")
}

// mark is a word that changes with the list.
func (p *pages) mark(r *request, a asking) (string, error) {
	n, err := p.bookings.DayRevision(r.Context(), r.by, a.place.ID, a.date)
	return strconv.FormatInt(n, 36), err
}

// events tells the browser that the list has changed since the mark of its
// address (HTML, 9.2, server-sent events): the event "changed" with the new
// mark. It carries nothing of the list. It ends when the browser goes or the
// program stops, and with the event "over" at logout or when the right is
// gone, which is asked for before each event.
func (p *pages) events(w http.ResponseWriter, r *request) error {
	a, err := p.asking(r)
	if err != nil {
		return err
	}
	r.Unattended = true
	since := r.URL.Query().Get("since")
	out, err := newStream(w)
	if err != nil {
		return err
	}
	ticker := time.NewTicker(lookEvery)
	defer ticker.Stop()
	for {
		changed := p.bookings.Changed(a.place.ID) // before looking, so that nothing falls between
		mark, err := p.seen(r, a)
		if err != nil {
			out.send("over", "")
			return nil // the answer has begun: there is no page to show any more
		}
		if mark != since {
			since = mark
			err = out.send("changed", mark)
		} else {
			err = out.send("", "") // finds out whether the browser is gone
		}
		if err != nil {
			return nil
		}
		select {
		case <-changed:
		case <-ticker.C:
		case <-r.Context().Done():
			return nil
		case <-p.site.Stopping:
			return nil
		}
	}
}

// seen is the mark for whoever still is who began to read, and may.
func (p *pages) seen(r *request, a asking) (string, error) {
	by, _, err := p.whoIs(r.Request)
	if err != nil {
		return "", err
	}
	if err := by.May(staff.SeeDay, a.place.ID); err != nil {
		return "", err
	}
	return p.mark(&request{Request: r.Request, by: by}, a)
}

// stream writes events as they come.
type stream struct {
	w http.ResponseWriter
	c *http.ResponseController
}

func newStream(w http.ResponseWriter) (stream, error) {
	s := stream{w, http.NewResponseController(w)}
	// The limits of the server are for answers that end: after the one for
	// reading it would take the silent browser for gone.
	if err := errors.Join(s.c.SetReadDeadline(time.Time{}), s.c.SetWriteDeadline(time.Time{})); err != nil {
		return s, fmt.Errorf("begin stream: %w", err)
	}
	w.Header().Set("Content-Type", "text/event-stream")
	w.WriteHeader(http.StatusOK)
	return s, nil
}

// send writes an event, or a comment where it has no name.
func (s stream) send(event, data string) error {
	line := ":\n\n"
	if event != "" {
		line = "event: " + event + "\ndata: " + data + "\n\n"
	}
	if _, err := s.w.Write([]byte(line)); err != nil {
		return fmt.Errorf("send event: %w", err)
	}
	if err := s.c.Flush(); err != nil {
		return fmt.Errorf("send event: %w", err)
	}
	return nil
}
