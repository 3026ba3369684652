// SPDX-License-Identifier: EUPL-1.2

package config

import (
	"errors"
	"fmt"
	"os"
	"strings"

	"vorzimmer/internal/fault"
	"vorzimmer/internal/seal"
)

// KeyVariable is the environment variable that may hold the key.
const KeyVariable = "VORZIMMER_KEY"

// KeySource names where Key reads: the environment variable or the file.
func (c *Config) KeySource() string {
	if os.Getenv(KeyVariable) != "" {
		return KeyVariable
	}
	return c.KeyFile
}

// Key reads the installation's key from the environment or the key file;
// NotFound "operator.key_missing" when there is neither.
func (c *Config) Key() (*seal.Key, error) {
	if s := os.Getenv(KeyVariable); s != "" {
		k, err := seal.ParseKey(s)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", KeyVariable, err)
		}
		return k, nil
	}
	b, err := os.ReadFile(c.KeyFile)
	if errors.Is(err, os.ErrNotExist) {
		return nil, fault.New(fault.NotFound, "operator.key_missing", "Path", c.KeyFile)
	}
	if err != nil {
		return nil, fmt.Errorf("read the key: %w", err)
	}
	k, err := seal.ParseKey(strings.TrimSpace(string(b)))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", c.KeyFile, err)
	}
	return k, nil
}
