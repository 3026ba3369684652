// SPDX-License-Identifier: EUPL-1.2

package message

import "context"

// DeliverWhile delivers the oldest message that is due as Step does, and lets
// something happen between its steps: before it is claimed, opened and recorded.
func (w *Worker) DeliverWhile(ctx context.Context, happens [3]func()) error {
	due, err := w.due(ctx)
	if err != nil || len(due) == 0 {
		return err
	}
	happens[0]()
	mine, err := w.claim(ctx, due[0])
	if err != nil || !mine {
		return err
	}
	happens[1]()
	problem := w.send(ctx, due[0])
	happens[2]()
	return w.settle(ctx, due[0], problem)
}
