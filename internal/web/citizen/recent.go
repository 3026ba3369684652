// SPDX-License-Identifier: EUPL-1.2

package citizen

import (
	"net/http"
	"reflect"
	"sync"

	"vorzimmer/internal/booking"
	"vorzimmer/internal/office"
	"vorzimmer/internal/seal"
	"vorzimmer/internal/web"
)

// When the times of a new month are released, thousands look at the same few
// pages. So a page of times that anybody may see is drawn once and sent until
// something changes. It never shows the past: each time the days' revisions
// are asked for, which is one small query for all who ask at that moment.

// recent keeps drawn pages by tenant and address. It is safe for concurrent use.
type recent struct {
	mu    sync.Mutex
	pages map[string]*drawn
}

// drawn is a page of times and what it was drawn from. It is immutable.
type drawn struct {
	catalogue *office.Catalogue
	pulse     booking.Pulse
	page      timesPage
	ready     *web.Prepared
}

// maxRecent and maxAddress bound the memory: a page takes about fifty kilobytes.
const (
	maxRecent  = 300
	maxAddress = 1000 // bytes
)

func (c *recent) get(address string) *drawn {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.pages[address]
}

func (c *recent) put(address string, d *drawn) {
	if len(address) > maxAddress {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.pages == nil {
		c.pages = map[string]*drawn{}
	}
	if _, known := c.pages[address]; !known && len(c.pages) >= maxRecent {
		for other := range c.pages { // in no order: what is looked at often comes back
			delete(c.pages, other)
			break
		}
	}
	c.pages[address] = d
}

// publicTimes answers with a page of times that is the same for everybody.
func (p *pages) publicTimes(w http.ResponseWriter, r *web.Request) error {
	sel, places, err := choice(r, r.URL.Query())
	if err != nil {
		return p.renderStart(w, r, nil, parseWanted(r.URL.Query()["service"]), err)
	}
	d := &drawn{catalogue: r.Catalogue}
	if d.pulse, err = p.bookings.Pulse(r.Context(), places); err != nil {
		return err
	}
	address := r.Tenant + r.URL.RequestURI()
	old := p.recent.get(address)
	if old != nil && old.catalogue == d.catalogue && old.pulse.Same(d.pulse) {
		r.Send(w, old.ready)
		p.countFull(w, r, &old.page, places[0])
		return nil
	}
	if d.page, err = p.timesPage(w, r, sel, places, r.URL.Query(), "", 0); err != nil {
		return err
	}
	if len(d.page.Errors) > 0 {
		return p.renderTimes(w, r, http.StatusUnprocessableEntity, d.page)
	}
	if old != nil && reflect.DeepEqual(old.page, d.page) {
		d.ready = old.ready
	} else if err := p.draw(r, d); err != nil {
		return err
	}
	p.recent.put(address, d)
	r.Send(w, d.ready)
	p.countFull(w, r, &d.page, places[0])
	return nil
}

func (p *pages) draw(r *web.Request, d *drawn) error {
	page, secret := d.page, seal.NewSecret()
	page.Once = secret.Reveal()
	var err error
	d.ready, err = web.Prepare(p.views, r.Lang(), "times", page, secret)
	return err
}
