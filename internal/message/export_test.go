// SPDX-License-Identifier: EUPL-1.2

package message

import "context"

// What the tests in package message_test need to know.
const (
	Lease      = lease
	FirstPause = firstPause
	Longest    = longest
	MaxAge     = maxAge
)

// ClaimNext claims the oldest message that is due and then stops, as a process
// does that is killed before it sends.
func (w *Worker) ClaimNext(ctx context.Context) (string, error) {
	due, err := w.due(ctx)
	if err != nil || len(due) == 0 {
		return "", err
	}
	_, err = w.claim(ctx, due[0])
	return due[0].id, err
}

// SendNext claims the oldest message that is due, sends it and then stops, as
// a process does that is killed before it records that.
func (w *Worker) SendNext(ctx context.Context) error {
	due, err := w.due(ctx)
	if err != nil || len(due) == 0 {
		return err
	}
	if _, err := w.claim(ctx, due[0]); err != nil {
		return err
	}
	return w.send(ctx, due[0])
}
