// SPDX-License-Identifier: EUPL-1.2

package citizen

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"

	"vorzimmer/internal/office"
)

// What is wanted travels as repeated "service" parameters: the key of a
// service, for more than one followed by a dot and the quantity. Keys have no
// dots.

// maxWanted bounds the work that one address can ask for.
const maxWanted = 30

func parseWanted(values []string) []office.Wanted {
	var list []office.Wanted
	for _, v := range values[:min(len(values), maxWanted)] {
		key, quantity, found := strings.Cut(v, ".")
		w := office.Wanted{Key: key, Quantity: 1}
		if found {
			// What is no number becomes 0, which no service accepts.
			w.Quantity, _ = strconv.Atoi(quantity)
		}
		if key != "" {
			list = append(list, w)
		}
	}
	return list
}

func encodeItem(key string, quantity int) string {
	if quantity == 1 {
		return key
	}
	return fmt.Sprintf("%s.%d", key, quantity)
}

// wantedOf is a selection as form values.
func wantedOf(sel office.Selection) []string {
	var list []string
	for _, item := range sel {
		list = append(list, encodeItem(item.Service.Key, item.Quantity))
	}
	return list
}

// with is the selection with a service at another quantity, 0 to leave it
// out, as a query.
func with(sel office.Selection, key string, quantity int) url.Values {
	q := url.Values{}
	found := false
	for _, item := range sel {
		n := item.Quantity
		if item.Service.Key == key {
			n, found = quantity, true
		}
		if n > 0 {
			q.Add("service", encodeItem(item.Service.Key, n))
		}
	}
	if !found && quantity > 0 {
		q.Add("service", encodeItem(key, quantity))
	}
	return q
}

// withQuery appends a query to a path.
func withQuery(path string, q url.Values) string {
	if len(q) == 0 {
		return path
	}
	return path + "?" + q.Encode()
}

// acceptable is the largest part of what was asked for that can be booked, so
// that one mistake does not empty the basket.
func acceptable(c *office.Catalogue, wanted []office.Wanted) office.Selection {
	var good []office.Wanted
	var sel office.Selection
	for _, w := range wanted {
		next, err := c.Select(append(good[:len(good):len(good)], w))
		if err == nil {
			good, sel = append(good, w), next
		}
	}
	return sel
}
