// SPDX-License-Identifier: EUPL-1.2

package db

import "github.com/google/uuid"

// NewID is an id for a row: a UUID of version 7, so that ids rise with time. It
// cannot fail, since crypto/rand never does.
func NewID() string { return uuid.Must(uuid.NewV7()).String() }
