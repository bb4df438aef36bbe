//go:build tools

// Package engine pins the engine of the network that the tests run on; nothing of ours uses it.
package engine

import _ "github.com/cosmos/evm/cmd/evmd"
