// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"text/tabwriter"
	"time"

	"vorzimmer/internal/db"
	"vorzimmer/internal/fault"
	"vorzimmer/internal/locale"
	"vorzimmer/internal/message"
	"vorzimmer/internal/retention"
)

type privacyCommand struct {
	Report reportCommand `cmd:"" help:"Show for each tenant what is due to be deleted and what was. Fails if something is a day late."`
	Delete deleteCommand `cmd:"" help:"Delete now what is due; the service does that by itself every minute."`
}

type reportCommand struct {
	settings

	JSON bool `help:"Write JSON."`
}

// Run shows counts only: nobody can be recognised in them.
func (c *reportCommand) Run(e *env) error {
	return c.withJob(e, func(j *retention.Job) error {
		list, broken := j.Reports(e.ctx)
		var err error
		if c.JSON {
			out := json.NewEncoder(e.out)
			out.SetIndent("", "  ")
			err = out.Encode(list)
		} else {
			err = printReports(e.out, e.printer(), list)
		}
		if err != nil {
			return fmt.Errorf("write report: %w", err)
		}
		for _, r := range list {
			if r.Overdue() {
				return errors.Join(broken, fault.New(fault.Conflict, "operator.privacy.overdue", "Tenant", r.Tenant))
			}
		}
		return broken
	})
}

type deleteCommand struct {
	settings

	DryRun bool `help:"Only show what would be deleted."`
}

// Run deletes, and shows what that was. It begins like the service: a database that
// is older than the list of erasures would seem to be in use once it has run.
func (c *deleteCommand) Run(e *env) error {
	return c.withJob(e, func(j *retention.Job) error {
		if !c.DryRun {
			if err := j.Prepare(e.ctx, false); err != nil {
				return err
			}
		}
		list, broken := j.Reports(e.ctx)
		if !c.DryRun {
			if err := j.Run(e.ctx); err != nil {
				return errors.Join(broken, err)
			}
		}
		what := "operator.privacy.deleted"
		if c.DryRun {
			what = "operator.privacy.would"
		}
		p := e.printer()
		for _, r := range list {
			for _, l := range r.Lines {
				if l.Due > 0 {
					fmt.Fprintln(e.out, p.T(what, "Tenant", r.Tenant, "Class", p.T("privacy.class."+l.Class), "N", l.Due))
				}
			}
		}
		return broken
	})
}

// withJob makes the deletion job of an installation.
func (s settings) withJob(e *env, do func(j *retention.Job) error) error {
	c, d, key, err := s.open(e)
	if err != nil {
		return err
	}
	o, err := silentOptions(e, c, d, key)
	var service *Service
	if err == nil {
		service, err = NewService(o)
	}
	if err == nil {
		err = do(service.Deletion)
	}
	return errors.Join(err, d.Close())
}

// tellOperator writes a mail about what is overdue, in the transaction that notes it.
func tellOperator(o Options, mailKey message.OpenKey) func(context.Context, *db.Tx, *retention.Report) error {
	return func(ctx context.Context, tx *db.Tx, r *retention.Report) error {
		f := message.OverdueFacts{Tenant: r.Tenant}
		if r.Late {
			f.LastRun = time.Unix(r.LastRun, 0).UTC()
		}
		for _, l := range r.Lines {
			if l.Overdue > 0 {
				f.Lines = append(f.Lines, message.OverdueLine{Class: l.Class, N: l.Overdue})
			}
		}
		m, err := message.Operator(o.Texts, o.OperatorMail, f)
		if err != nil {
			return err
		}
		key, err := mailKey(ctx, tx, r.Tenant)
		if err != nil {
			return err
		}
		return message.Enqueue(ctx, tx, message.Row{TenantID: r.Tenant, Recipient: message.ToOperator, Kind: message.Overdue, Mail: m, Key: key})
	}
}

func printReports(w io.Writer, p *locale.Printer, list []*retention.Report) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, r := range list {
		last := p.T("operator.privacy.never")
		if r.LastRun != 0 {
			last = time.Unix(r.LastRun, 0).UTC().Format(time.RFC3339)
		}
		fmt.Fprintln(table, p.T("operator.privacy.tenant", "Tenant", r.Tenant, "Last", last))
		fmt.Fprintln(table, p.T("operator.privacy.columns"))
		for _, l := range r.Lines {
			fmt.Fprintf(table, "%s\t%s\t%d\t%d\t%d\t%d\t%d\n", p.T("privacy.class."+l.Class), p.N("privacy.unit."+l.Unit, l.Amount),
				l.Due, l.Overdue, l.Held, l.Soon, l.Deleted)
		}
		fmt.Fprintln(table)
	}
	return table.Flush()
}
