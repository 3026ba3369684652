// SPDX-License-Identifier: EUPL-1.2

package dbtest

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"

	_ "github.com/jackc/pgx/v5/stdlib" // driver "pgx"
)

// cluster is a running PostgreSQL that listens on a unix socket only.
type cluster struct {
	folder string
	bin    string // folder of the programs
	admin  *sql.DB
}

var (
	startOnce = sync.OnceValues(startCluster)
	started   atomic.Bool
	databases atomic.Int64
)

func createDatabase(tb testing.TB) string {
	tb.Helper()
	c, err := startOnce()
	if err != nil {
		tb.Fatalf("start PostgreSQL for tests: %v", err)
	}
	name := fmt.Sprintf("test%d", databases.Add(1))
	if _, err := c.admin.ExecContext(tb.Context(), "CREATE DATABASE "+name); err != nil {
		tb.Fatalf("create database: %v", err)
	}
	tb.Cleanup(func() {
		// tb.Context is over by now; FORCE ends what a killed process left.
		if _, err := c.admin.ExecContext(context.Background(), "DROP DATABASE "+name+" WITH (FORCE)"); err != nil {
			tb.Errorf("drop database: %v", err)
		}
	})
	return c.url(name)
}

func (c *cluster) url(database string) string {
	q := url.Values{"host": {c.folder}, "user": {"vorzimmer"}, "sslmode": {"disable"}}
	return "postgres:///" + database + "?" + q.Encode()
}

func startCluster() (*cluster, error) {
	bin, err := Binaries()
	if err != nil {
		return nil, err
	}
	// Not below the test's own folder: a socket's path may have 107 bytes only.
	folder, err := os.MkdirTemp("", "vorzimmer-pg")
	if err != nil {
		return nil, err
	}
	c := &cluster{folder: folder, bin: bin}
	started.Store(true)
	if err := c.chown(); err != nil {
		return nil, errors.Join(err, os.RemoveAll(folder))
	}
	data := filepath.Join(folder, "data")
	steps := [][]string{
		{"initdb", "--no-sync", "--auth=trust", "--username=vorzimmer", "--encoding=UTF8", "--locale=C", "-D", data},
		// Only the throw-away data of tests lives here, so nothing waits for the disk.
		{"pg_ctl", "start", "--wait", "--silent", "-D", data, "-l", filepath.Join(folder, "log"),
			"-o", "-c listen_addresses='' -c unix_socket_directories='" + folder + "' -c fsync=off -c max_connections=200"},
	}
	for _, s := range steps {
		if out, err := c.command(s[0], s[1:]...).CombinedOutput(); err != nil {
			return nil, errors.Join(fmt.Errorf("%s: %w: %s", s[0], err, out), os.RemoveAll(folder))
		}
	}
	c.admin, err = sql.Open("pgx", c.url("postgres"))
	if err != nil {
		return nil, err
	}
	return c, nil
}

func stopCluster() {
	if !started.Load() {
		return
	}
	c, err := startOnce()
	if err != nil {
		return
	}
	_ = c.admin.Close()
	stop := c.command("pg_ctl", "stop", "--mode=immediate", "--wait", "--silent", "-D", filepath.Join(c.folder, "data"))
	if out, err := stop.CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "stop PostgreSQL for tests: %v: %s\n", err, out)
	}
	if err := os.RemoveAll(c.folder); err != nil {
		fmt.Fprintf(os.Stderr, "remove PostgreSQL for tests: %v\n", err)
	}
}

// Binaries is the folder of the newest PostgreSQL programs of the machine.
func Binaries() (string, error) {
	if p, err := exec.LookPath("initdb"); err == nil {
		// Where the path has a link, the other programs stand beside its target.
		if p, err = filepath.EvalSymlinks(p); err == nil {
			return filepath.Dir(p), nil
		}
	}
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if err != nil || len(found) == 0 {
		return "", errors.New("initdb is missing; on Debian or Ubuntu: apt-get install postgresql")
	}
	return filepath.Dir(found[len(found)-1]), nil
}

// command runs one of PostgreSQL's programs, as the user postgres when the
// tests run as root, because the server refuses to be root.
func (c *cluster) command(name string, args ...string) *exec.Cmd {
	cmd := exec.Command(filepath.Join(c.bin, name), args...)
	cmd.Dir = c.folder
	if uid, gid, ok := serverUser(); ok {
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uid, Gid: gid}}
	}
	return cmd
}

func (c *cluster) chown() error {
	if uid, gid, ok := serverUser(); ok {
		return os.Chown(c.folder, int(uid), int(gid))
	}
	return nil
}

func serverUser() (uint32, uint32, bool) {
	if os.Getuid() != 0 {
		return 0, 0, false
	}
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, err1 := strconv.ParseUint(u.Uid, 10, 32)
		gid, err2 := strconv.ParseUint(u.Gid, 10, 32)
		if err1 == nil && err2 == nil {
			return uint32(uid), uint32(gid), true
		}
	}
	return 0, 0, false
}
