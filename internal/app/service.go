// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"sync"
	"time"

	"vorzimmer/internal/booking"
	"vorzimmer/internal/clock"
	"vorzimmer/internal/config"
	"vorzimmer/internal/db"
	"vorzimmer/internal/locale"
	"vorzimmer/internal/message"
	"vorzimmer/internal/office"
	"vorzimmer/internal/person"
	"vorzimmer/internal/seal"
	"vorzimmer/internal/session"
	"vorzimmer/internal/web"
	"vorzimmer/internal/web/assets"
	"vorzimmer/internal/web/citizen"
	"vorzimmer/internal/web/view"
)

// options is what a running service is made of.
type options struct {
	db        *db.DB
	key       *seal.Key
	clock     clock.Clock
	log       *slog.Logger
	texts     *locale.Catalogue
	tenants   map[string]*url.URL // base URLs
	hosts     map[string]string   // further Host headers of tenants
	transport message.Transport
	from      string
	proxies   []netip.Prefix
	limits    config.Limits
	demo      bool
}

// service is a running program.
type service struct {
	db       *db.DB
	site     *web.Site
	bookings *booking.Bookings
	sessions *session.Store
	worker   *message.Worker
	log      *slog.Logger
}

// newService connects all packages. The database is migrated and its key was
// checked.
func newService(o options) (*service, error) {
	set, err := assets.Load()
	if err != nil {
		return nil, err
	}
	views, err := view.New(embed.FS{}, o.texts, set)
	if err != nil {
		return nil, err
	}
	vault := person.NewVault(o.key)
	worker := message.NewWorker(o.db, vault.Key, o.transport, o.log)
	bookings := &booking.Bookings{DB: o.db, Offices: office.NewStore(), Persons: vault, Texts: o.texts,
		Links: citizen.Links(func(id string) *url.URL { return o.tenants[id] }), From: o.from, Wake: worker.Wake}
	sessions := &session.Store{DB: o.db}
	site := &web.Site{Hosts: map[string]web.Host{}, Texts: o.texts, Assets: set, Views: views, Sessions: sessions,
		Catalogue: bookings.Catalogue, Proxies: o.proxies, Log: o.log, Example: o.demo}
	for id, base := range o.tenants {
		site.Hosts[strings.ToLower(base.Host)] = web.Host{Tenant: id, Secure: base.Scheme == "https"}
	}
	for host, id := range o.hosts {
		site.Hosts[host] = web.Host{Tenant: id}
	}
	site.Handle("GET /assets/{file}", set)
	site.Handle("GET /healthz", health(o.db))
	if err := citizen.Register(site, bookings, o.clock, o.limits); err != nil {
		return nil, err
	}
	return &service{db: o.db, site: site, bookings: bookings, sessions: sessions, worker: worker, log: o.log}, nil
}

// health answers 200 when the database answers.
func health(d *db.DB) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "no-store")
		if err := d.Read(r.Context(), func(*db.Tx) error { return nil }); err != nil {
			http.Error(w, "database", http.StatusServiceUnavailable)
			return
		}
		_, _ = w.Write([]byte("ok\n"))
	})
}

const (
	housekeepEvery = time.Minute
	// shutdownWithin is how long running requests get to finish.
	shutdownWithin = 20 * time.Second
)

// run serves on l until ctx ends, then finishes running requests.
func (s *service) run(ctx context.Context, l net.Listener) error {
	var background sync.WaitGroup
	working, stop := context.WithCancel(context.Background())
	background.Go(func() { s.worker.Run(working) })
	background.Go(func() { s.housekeep(working) })
	server := &http.Server{Handler: s.site, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: 30 * time.Second,
		WriteTimeout: time.Minute, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 64 << 10,
		ErrorLog: slog.NewLogLogger(s.log.Handler(), slog.LevelWarn)}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(l) }()
	var err error
	select {
	case err = <-failed:
	case <-ctx.Done():
		ending, cancel := context.WithTimeout(context.Background(), shutdownWithin)
		err = server.Shutdown(ending)
		cancel()
	}
	stop()
	background.Wait()
	if errors.Is(err, http.ErrServerClosed) {
		err = nil
	}
	if err != nil {
		return fmt.Errorf("serve: %w", err)
	}
	return nil
}

// housekeep runs now and then until ctx ends.
func (s *service) housekeep(ctx context.Context) {
	ticker := time.NewTicker(housekeepEvery)
	defer ticker.Stop()
	for {
		if _, err := s.bookings.Housekeep(ctx); err != nil && ctx.Err() == nil {
			s.log.Error("housekeeping of bookings failed", "error", err)
		}
		if _, err := s.sessions.Housekeep(ctx); err != nil && ctx.Err() == nil {
			s.log.Error("housekeeping of sessions failed", "error", err)
		}
		select {
		case <-ticker.C:
		case <-ctx.Done():
			return
		}
	}
}
