// SPDX-License-Identifier: EUPL-1.2

package office

import (
	"slices"

	"vorzimmer/internal/fault"
	"vorzimmer/internal/slot"
)

// Service is the service with a key that is still offered.
func (c *Catalogue) Service(key string) (*Service, bool) {
	return find(c.Services, func(s *Service) bool { return s.Key == key && !s.Retired })
}

// ServiceByID is the service with an id, retired ones included.
func (c *Catalogue) ServiceByID(id string) (*Service, bool) {
	return find(c.Services, func(s *Service) bool { return s.ID == id })
}

// Location is the location with a key that is still open.
func (c *Catalogue) Location(key string) (*Location, bool) {
	return find(c.Locations, func(l *Location) bool { return l.Key == key && !l.Retired })
}

// LocationByID is the location with an id, retired ones included.
func (c *Catalogue) LocationByID(id string) (*Location, bool) {
	return find(c.Locations, func(l *Location) bool { return l.ID == id })
}

// CounterByID is the counter with an id, retired ones included.
func (c *Catalogue) CounterByID(id string) (*Counter, bool) {
	for i := range c.Locations {
		if counter, ok := c.Locations[i].CounterByID(id); ok {
			return counter, true
		}
	}
	return nil, false
}

// CounterByID is the counter of the location with an id, retired ones included.
func (l *Location) CounterByID(id string) (*Counter, bool) {
	return find(l.Counters, func(k *Counter) bool { return k.ID == id })
}

func find[T any](all []T, is func(*T) bool) (*T, bool) {
	for i := range all {
		if is(&all[i]) {
			return &all[i], true
		}
	}
	return nil, false
}

// Wanted is what somebody asks for: the key of a service and how many times.
type Wanted struct {
	Key      string
	Quantity int
}

// Item is a service and how many times.
type Item struct {
	Service  *Service
	Quantity int
}

// Selection is what one appointment is for. Select makes one that can be booked.
type Selection []Item

// Minutes is how long it takes for the citizen.
func (s Selection) Minutes() int {
	sum := 0
	for _, item := range s {
		sum += item.Service.Minutes * item.Quantity
	}
	return sum
}

// Ticks is how long the counter is taken: the minutes and the largest of the
// buffers, rounded up once.
func (s Selection) Ticks() int {
	buffer := 0
	for _, item := range s {
		buffer = max(buffer, item.Service.Buffer)
	}
	return slot.Ticks(s.Minutes() + buffer)
}

// IDs are the ids of the services, each once.
func (s Selection) IDs() []string {
	var ids []string
	for _, item := range s {
		ids = append(ids, item.Service.ID)
	}
	return ids
}

func (s Selection) has(service *Service) bool {
	return slices.ContainsFunc(s, func(i Item) bool { return i.Service == service })
}

// Select checks what somebody asks for; the same service twice adds up. Errors
// are "select.unknown" (NotFound), and of kind Invalid "select.quantity" with
// Max and Name (a locale.Text), "select.combine" and "select.empty".
func (c *Catalogue) Select(wanted []Wanted) (Selection, error) {
	var sel Selection
	for _, w := range wanted {
		s, ok := c.Service(w.Key)
		if !ok {
			return nil, fault.New(fault.NotFound, "select.unknown")
		}
		i := slices.IndexFunc(sel, func(i Item) bool { return i.Service == s })
		if i < 0 {
			i = len(sel)
			sel = append(sel, Item{Service: s})
		}
		if w.Quantity < 1 || w.Quantity > s.MaxQuantity-sel[i].Quantity {
			return nil, fault.New(fault.Invalid, "select.quantity", "Max", s.MaxQuantity, "Name", s.Name)
		}
		sel[i].Quantity += w.Quantity
	}
	if len(sel) == 0 {
		return nil, fault.New(fault.Invalid, "select.empty")
	}
	if !c.combine(sel) {
		return nil, fault.New(fault.Invalid, "select.combine")
	}
	return sel, nil
}

// combine tells whether one appointment can be for all of the services: one
// alone, or several with the same word that some counter offers together.
func (c *Catalogue) combine(sel Selection) bool {
	if len(sel) < 2 {
		return true
	}
	word := sel[0].Service.Combines
	for _, item := range sel {
		if word == "" || item.Service.Combines != word {
			return false
		}
	}
	return len(c.LocationsFor(sel)) > 0
}

// LocationsFor are the open locations with a counter that offers all of the
// services, in the office's order.
func (c *Catalogue) LocationsFor(sel Selection) []*Location {
	ids := sel.IDs()
	var found []*Location
	for i := range c.Locations {
		if l := &c.Locations[i]; !l.Retired && l.Offers(ids...) {
			found = append(found, l)
		}
	}
	return found
}

// Combinable are the other services that may still be added: all that are
// offered while nothing is chosen.
func (c *Catalogue) Combinable(sel Selection) []*Service {
	var found []*Service
	for i := range c.Services {
		s := &c.Services[i]
		if s.Retired || sel.has(s) {
			continue
		}
		if c.combine(append(slices.Clip(sel), Item{Service: s, Quantity: 1})) {
			found = append(found, s)
		}
	}
	return found
}
