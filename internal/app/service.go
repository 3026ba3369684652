// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"vorzimmer/internal/accesslog"
	"vorzimmer/internal/account"
	"vorzimmer/internal/booking"
	"vorzimmer/internal/clock"
	"vorzimmer/internal/config"
	"vorzimmer/internal/credential"
	"vorzimmer/internal/db"
	"vorzimmer/internal/erasure"
	"vorzimmer/internal/feedback"
	"vorzimmer/internal/locale"
	"vorzimmer/internal/message"
	"vorzimmer/internal/notice"
	"vorzimmer/internal/office"
	"vorzimmer/internal/person"
	"vorzimmer/internal/request"
	"vorzimmer/internal/retention"
	"vorzimmer/internal/rights"
	"vorzimmer/internal/seal"
	"vorzimmer/internal/session"
	"vorzimmer/internal/staff"
	"vorzimmer/internal/statistics"
	"vorzimmer/internal/web"
	accountpages "vorzimmer/internal/web/account"
	"vorzimmer/internal/web/assets"
	"vorzimmer/internal/web/citizen"
	"vorzimmer/internal/web/desk"
	"vorzimmer/internal/web/mine"
	"vorzimmer/internal/web/view"
)

// Options is what a service is made of.
type Options struct {
	DB           *db.DB    // migrated
	Key          *seal.Key // the one that the database was made with
	Clock        clock.Clock
	Log          *slog.Logger
	Texts        *locale.Catalogue
	Tenants      map[string]*url.URL // base URLs of the imported tenants to serve
	Hosts        map[string]string   // further Host headers of tenants
	Transport    message.Transport
	From         string // address that mails come from
	Relay        string // host that mails go through, where it is another machine
	Proxies      []netip.Prefix
	AccessLog    string // folder; empty: none is kept
	Limits       config.Limits
	OperatorMail string // where to write that something needs the operator; empty: nowhere
	// SecurityContact is a URL for security.txt; empty: the controller's mailbox.
	SecurityContact string
	Example         bool // say on every page that the data is invented
	Erasures        *erasure.List
	// NewErasures opens although the list of erasures does not reach back far enough.
	NewErasures bool
}

// Service is the program without its command line.
type Service struct {
	Site     *web.Site
	Bookings *booking.Bookings
	Accounts *staff.Accounts
	Citizens *account.Accounts
	Desk     []desk.Route // pages of those who work here
	Worker   *message.Worker
	Deletion *retention.Job
	Rights   *rights.Rights
	Requests *request.Requests
	accept   bool // a gap in the list of erasures
	notices  *notice.Store
	Counter  *statistics.Counter
	tenants  []string      // that are served
	stopping chan struct{} // tells the pages' streams to end
	log      *slog.Logger
}

// NewService connects all packages.
func NewService(o Options) (*Service, error) {
	set, err := assets.Load()
	if err != nil {
		return nil, err
	}
	views, err := view.New(embed.FS{}, o.Texts, set)
	if err != nil {
		return nil, err
	}
	vault := person.NewVault(o.Key)
	worker := message.NewWorker(o.DB, vault.Key, o.Transport, o.Log)
	base := func(id string) *url.URL { return o.Tenants[id] }
	bookings := &booking.Bookings{DB: o.DB, Offices: office.NewStore(), Persons: vault, Texts: o.Texts,
		Links: citizen.Links(base), From: o.From, Wake: worker.Wake, Font: set.Font(), Erasures: o.Erasures}
	sessions := &session.Store{DB: o.DB}
	hasher := credential.NewHasher()
	accounts := staff.New(staff.Options{DB: o.DB, Key: o.Key, Offices: bookings.Offices, Sessions: sessions, Hasher: hasher, Texts: o.Texts,
		Base: base, Link: desk.Link(base), Wake: worker.Wake})
	citizens := account.New(account.Options{DB: o.DB, Key: o.Key, Offices: bookings.Offices, Bookings: bookings, Sessions: sessions, Hasher: hasher,
		Texts: o.Texts, Base: base, Links: accountpages.Links(base), Wake: worker.Wake})
	worker.StaffKey, worker.ListKey, worker.AccountKey = accounts.MailKey, vault.ListKey, citizens.MailKey
	bookings.Names, bookings.Statistics = accounts.Names, statistics.New(o.DB)
	stopping := make(chan struct{})
	site := &web.Site{Stopping: stopping, Hosts: map[string]web.Host{}, Texts: o.Texts, Assets: set, Views: views, Sessions: sessions,
		Catalogue: bookings.Catalogue, Proxies: o.Proxies, Log: o.Log, Example: o.Example}
	if o.AccessLog != "" {
		site.Access = accesslog.New(o.AccessLog, o.Clock, o.Log)
	}
	for id, base := range o.Tenants {
		site.Hosts[strings.ToLower(base.Host)] = web.Host{Tenant: id, Secure: base.Scheme == "https"}
	}
	for host, id := range o.Hosts {
		site.Hosts[host] = web.Host{Tenant: id}
	}
	notices := notice.New(notice.Options{DB: o.DB, Texts: o.Texts, Relay: o.Relay, AccessLog: o.AccessLog != "",
		Secure: func(id string) bool { return o.Tenants[id] != nil && o.Tenants[id].Scheme == "https" }})
	requests := &request.Requests{DB: o.DB, Key: o.Key, Offices: bookings.Offices, Bookings: bookings, Texts: o.Texts}
	own := rights.New(rights.Options{DB: o.DB, Offices: bookings.Offices, Persons: vault, Bookings: bookings, Accounts: citizens, Requests: requests,
		Notices: notices, Texts: o.Texts, Key: citizens.MailKey, Link: citizen.RightsLink(base), Font: set.Font(), Wake: worker.Wake})
	site.Handle("GET /assets/{file}", set)
	site.Handle("GET /healthz", health(o.DB))
	say := citizen.Statements{Base: base, SecurityContact: o.SecurityContact,
		Notices: notices, Rights: own, Feedback: &feedback.Box{DB: o.DB, Offices: bookings.Offices, Texts: o.Texts, Key: citizens.MailKey, Wake: worker.Wake}}
	if err := citizen.Register(site, bookings, citizens, say, o.Clock, o.Limits); err != nil {
		return nil, err
	}
	if err := accountpages.Register(site, citizens, bookings, own, o.Clock); err != nil {
		return nil, err
	}
	tenants := slices.Sorted(maps.Keys(o.Tenants))
	job := &retention.Job{DB: o.DB, Offices: bookings.Offices, Bookings: bookings, Accounts: citizens, Staff: accounts, Sessions: sessions,
		Erasures: o.Erasures, Logs: site.Access, Log: o.Log, Served: tenants}
	if o.OperatorMail != "" {
		job.Tell = tellOperator(o, citizens.MailKey)
	}
	if err := mine.Register(site, own, o.Clock); err != nil {
		return nil, err
	}
	routes, err := desk.Register(site, accounts, bookings, notices, job, requests, own, o.Clock)
	if err != nil {
		return nil, err
	}
	return &Service{Site: site, Bookings: bookings, Accounts: accounts, Citizens: citizens, Desk: routes, Worker: worker, Counter: bookings.Statistics, Deletion: job, Rights: own, Requests: requests,
		accept: o.NewErasures, notices: notices, tenants: tenants, stopping: stopping, log: o.Log}, nil
}

// health answers 200 when the database answers.
func health(d *db.DB) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "no-store")
		if err := d.Ping(r.Context()); err != nil {
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

// Run serves on l, sends mail and keeps house until ctx ends, then finishes
// running requests.
func (s *Service) Run(ctx context.Context, l net.Listener) error {
	err := s.Deletion.Prepare(ctx, s.accept)
	if err != nil && ctx.Err() != nil {
		return l.Close() // told to stop before it has begun
	}
	if err != nil {
		return errors.Join(err, l.Close())
	}
	var background sync.WaitGroup
	working, stop := context.WithCancel(context.Background())
	s.publish(working) // before the first reader
	background.Go(func() { s.Worker.Run(working) })
	background.Go(func() { every(working, s.delete) }) // which takes long after a stop: no reminder waits for it
	background.Go(func() { every(working, s.housekeep) })
	background.Go(func() { s.Counter.Run(working, s.log) })
	server := &http.Server{Handler: s.Site, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: 15 * time.Second,
		WriteTimeout: time.Minute, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 64 << 10,
		ErrorLog: slog.NewLogLogger(s.log.Handler(), slog.LevelWarn)}
	server.RegisterOnShutdown(func() { close(s.stopping) }) // Shutdown waits for them
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(l) }()
	select {
	case err = <-failed:
	case <-ctx.Done():
		ending, cancel := context.WithTimeout(context.Background(), shutdownWithin)
		err = server.Shutdown(ending)
		cancel()
		if errors.Is(err, context.DeadlineExceeded) {
			s.log.Warn("requests that did not end were cut off")
			err = server.Close()
		}
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

// every does something now and then until ctx ends.
func every(ctx context.Context, do func(context.Context)) {
	ticker := time.NewTicker(housekeepEvery)
	defer ticker.Stop()
	for {
		do(ctx)
		select {
		case <-ticker.C:
		case <-ctx.Done():
			return
		}
	}
}

func (s *Service) delete(ctx context.Context) {
	if err := s.Deletion.Run(ctx); err != nil && ctx.Err() == nil {
		s.log.Error("deletion failed", "error", err)
	}
}

func (s *Service) housekeep(ctx context.Context) {
	if _, err := s.Bookings.SendDayLists(ctx, s.tenants); err != nil && ctx.Err() == nil {
		s.log.Error("lists of the next day were not sent", "error", err)
	}
	if _, err := s.Bookings.Remind(ctx, s.tenants); err != nil && ctx.Err() == nil {
		s.log.Error("reminders were not sent", "error", err)
	}
	s.publish(ctx)
}

// publish makes sure that each tenant's notice is the one of its catalogue, so that
// its date is that of the change and not that of the next reader.
func (s *Service) publish(ctx context.Context) {
	for _, id := range s.tenants {
		c, err := s.Bookings.Catalogue(ctx, id)
		if err == nil {
			_, err = s.notices.Current(ctx, c)
		}
		if err != nil && ctx.Err() == nil {
			s.log.Error("privacy notice was not published", "tenant", id, "error", err)
		}
	}
}
