// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"bytes"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"runtime/debug"
	"syscall"

	"vorzimmer/examples"
	"vorzimmer/internal/config"
	"vorzimmer/internal/db"
	"vorzimmer/internal/erasure"
	"vorzimmer/internal/fault"
	"vorzimmer/internal/message/capture"
	"vorzimmer/internal/message/mime"
	"vorzimmer/internal/office"
	"vorzimmer/internal/seal"
	"vorzimmer/internal/web/demo"
)

type demoCommand struct {
	Listen   string `help:"Loopback address to serve on; ${default} unless given." default:"127.0.0.1:8080" placeholder:"ADDR"`
	Data     string `help:"Folder for the key and the database; made and filled if empty; ${default} unless given." default:"demo-data" type:"path" placeholder:"DIR"`
	Database string `help:"Empty PostgreSQL database to use instead of a file." placeholder:"URL"`

	SecondFactor bool `help:"Ask those who log in at the desk for a second factor."`
}

// demoSender is who the captured mails come from.
var demoSender = mime.Sender{Name: "Termine", Address: "termine@example.org"}

// Run fills the folder if it is empty and serves until the context ends.
func (c *demoCommand) Run(e *env) error {
	l, err := listenLoopback(c.Listen)
	if err != nil {
		return err
	}
	d, key, err := c.prepare(e)
	if err != nil {
		return errors.Join(err, l.Close())
	}
	err = c.serve(e, l, d, key)
	return errors.Join(err, d.Close())
}

// listenLoopback refuses other addresses: the demonstration shows the mail of
// everyone to everyone.
func listenLoopback(address string) (net.Listener, error) {
	a, err := net.ResolveTCPAddr("tcp", address)
	if err != nil {
		return nil, fmt.Errorf("--listen: %w", err)
	}
	if !a.IP.IsLoopback() {
		return nil, errors.New("the demonstration shows all captured mail, so it serves on a loopback address only: " +
			"use --listen 127.0.0.1:8080")
	}
	l, err := net.ListenTCP("tcp", a)
	if errors.Is(err, syscall.EADDRINUSE) {
		next := &net.TCPAddr{IP: a.IP, Zone: a.Zone, Port: a.Port%65535 + 1}
		return nil, fault.New(fault.Conflict, "operator.port_taken", "Address", a.String(), "Next", next.String())
	}
	if err != nil {
		return nil, fmt.Errorf("listen: %w", err)
	}
	return l, nil
}

func (c *demoCommand) prepare(e *env) (*db.DB, *seal.Key, error) {
	if err := os.MkdirAll(c.Data, 0o700); err != nil {
		return nil, nil, fmt.Errorf("make data folder: %w", err)
	}
	file := filepath.Join(c.Data, "vorzimmer.key")
	if _, err := os.Stat(file); errors.Is(err, os.ErrNotExist) {
		if err := writeNew(file, []byte(seal.NewKey().Encode()+"\n"), 0o600); err != nil {
			return nil, nil, err
		}
	}
	source := &config.Config{KeyFile: file}
	key, err := source.Key()
	if err != nil {
		return nil, nil, err
	}
	location := c.Database
	if location == "" {
		location = filepath.Join(c.Data, "vorzimmer.db")
	}
	d, err := db.Open(e.ctx, location, e.clock)
	if err != nil {
		return nil, nil, err
	}
	if err := fill(e, d, key); err != nil {
		return nil, nil, errors.Join(wrongKey(err, source), d.Close())
	}
	return d, key, nil
}

// fill migrates, and imports the example into a database without tenants.
func fill(e *env, d *db.DB, key *seal.Key) error {
	if _, err := migrate(e.ctx, d, key); err != nil {
		return err
	}
	var have []string
	err := d.Read(e.ctx, func(tx *db.Tx) error {
		var err error
		have, err = office.NewStore().Tenants(e.ctx, tx)
		return err
	})
	if err != nil || len(have) > 0 {
		return err
	}
	_, err = importTenant(e.ctx, d, key, "oer-erkenschwick.yaml", bytes.NewReader(examples.OerErkenschwick))
	return err
}

// demoTenant is the tenant of the example.
const demoTenant = "oer-erkenschwick"

func (c *demoCommand) serve(e *env, l net.Listener, d *db.DB, key *seal.Key) error {
	mails, err := capture.New(demoSender, e.clock)
	if err != nil {
		return err
	}
	base := &url.URL{Scheme: "http", Host: l.Addr().String()}
	_, port, err := net.SplitHostPort(base.Host)
	if err != nil {
		return fmt.Errorf("read own address: %w", err)
	}
	erasures, err := erasure.Open(filepath.Join(c.Data, "erasures"), e.clock.Now())
	if err != nil {
		return err
	}
	o := Options{Erasures: erasures, DB: d, Key: key, Clock: e.clock, Log: e.log, Texts: e.texts, Transport: mails,
		Tenants: map[string]*url.URL{demoTenant: base}, From: demoSender.Address, Limits: config.Defaults, Example: true,
		AccessLog: filepath.Join(c.Data, "access-log"),
		Hosts:     map[string]string{"localhost:" + port: demoTenant, "[::1]:" + port: demoTenant, "127.0.0.1:" + port: demoTenant}}
	s, err := NewService(o)
	if err != nil {
		return err
	}
	s.Site.DemoMailURL = demo.MailPath
	if err := demo.Register(s.Site, mails, base.String()); err != nil {
		return err
	}
	if err := c.hire(e, s, d); err != nil {
		return err
	}
	fmt.Fprintf(e.out, "Vorzimmer shows an example town with invented data. Nothing is sent anywhere.\n\n"+
		"  Book an appointment:  %[1]s/\n  Read captured mail:   %[1]s%[2]s\n", base, demo.MailPath)
	if err := printLogins(e.out, named(l, base)); err != nil {
		return fmt.Errorf("print logins: %w", err)
	}
	fmt.Fprint(e.out, "\nStop with Ctrl-C.\n")
	go debug.FreeOSMemory() // what the import and the hash took is needed no more
	return s.Run(e.ctx, l)
}
