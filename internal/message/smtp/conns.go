// SPDX-License-Identifier: EUPL-1.2

package smtp

import (
	"net"
	"sync"
)

// conns closes what was opened for a mail, since the mail library leaves a
// connection open when the conversation on it fails.
type conns struct {
	mu     sync.Mutex
	closed bool
	list   []net.Conn
}

// add takes charge of a connection. One that comes too late is closed at once.
func (c *conns) add(n net.Conn) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		_ = n.Close()
		return
	}
	c.list = append(c.list, n)
}

// close closes all. What the server thinks of it changes nothing any more.
func (c *conns) close() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.closed = true
	for _, n := range c.list {
		_ = n.Close()
	}
}
