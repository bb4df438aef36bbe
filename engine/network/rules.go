package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// denom is the smallest unit of the money that the sample application has fixed for the chain id.
const denom = "atest"

// blockGas is the most gas of a block: more than three transactions of the most that one may use (2^24, EIP-7825).
const blockGas = "60000000"

type object = map[string]any

// edit changes a file of JSON.
func edit(file string, change func(object) error) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	// The engine names its money so until it is told otherwise.
	text = []byte(strings.ReplaceAll(string(text), `"stake"`, `"`+denom+`"`))
	var content object
	if err := json.Unmarshal(text, &content); err != nil {
		return err
	}
	if err := change(content); err != nil {
		return err
	}
	if text, err = json.MarshalIndent(content, "", " "); err != nil {
		return err
	}
	return os.WriteFile(file, text, 0o644)
}

// setRules sets the rules of the network: gas costs nothing, a transaction pays for what it used and not for what it
// offered, and a validator may be away for as long as it likes.
func setRules(genesis object) error {
	for path, value := range map[string]any{
		"consensus.params.block.max_gas":                  blockGas,
		"app_state.evm.params.evm_denom":                  denom,
		"app_state.feemarket.params.no_base_fee":          true,
		"app_state.feemarket.params.base_fee":             "0.000000000000000000",
		"app_state.feemarket.params.min_gas_multiplier":   "0.000000000000000000",
		"app_state.slashing.params.signed_blocks_window":  "1000000",
		"app_state.slashing.params.min_signed_per_window": "0.010000000000000000",
	} {
		if err := set(genesis, path, value); err != nil {
			return err
		}
	}
	return nil
}

// set gives a member a value; it must be there, so that a genesis of another form is not taken for this one.
func set(content object, path string, value any) error {
	names := strings.Split(path, ".")
	last := len(names) - 1
	for _, name := range names[:last] {
		inner, ok := content[name].(object)
		if !ok {
			return fmt.Errorf("expected the object %q of %s in the genesis, found none", name, path)
		}
		content = inner
	}
	if _, ok := content[names[last]]; !ok {
		return fmt.Errorf("expected %s in the genesis, found none", path)
	}
	content[names[last]] = value
	return nil
}

// configure sets ports, peers and pace of a validator.
func configure(network *Network, n int) error {
	validator := network.Validators[n]
	var peers []string
	for other, peer := range network.Validators {
		if other != n {
			peers = append(peers, fmt.Sprintf("%s@127.0.0.1:%d", peer.id, peer.peers))
		}
	}
	config := filepath.Join(validator.Home, "config")
	err := setLines(filepath.Join(config, "config.toml"), map[string]string{
		"rpc.laddr":                 fmt.Sprintf(`"tcp://127.0.0.1:%d"`, validator.consensus),
		"rpc.pprof_laddr":           `""`,
		"p2p.laddr":                 fmt.Sprintf(`"tcp://127.0.0.1:%d"`, validator.peers),
		"p2p.persistent_peers":      `"` + strings.Join(peers, ",") + `"`,
		"p2p.addr_book_strict":      "false",
		"p2p.allow_duplicate_ip":    "true",
		"p2p.pex":                   "false",
		"consensus.timeout_propose": `"500ms"`,
		"consensus.timeout_commit":  `"400ms"`,
	})
	if err != nil {
		return err
	}
	return setLines(filepath.Join(config, "app.toml"), map[string]string{
		".minimum-gas-prices": `"0` + denom + `"`,
		"grpc.enable":         "false",
		"grpc-web.enable":     "false",
		"json-rpc.enable":     "true",
		"json-rpc.address":    `"` + strings.TrimPrefix(validator.RPC, "http://") + `"`,
		"json-rpc.ws-address": `"` + strings.TrimPrefix(validator.WS, "ws://") + `"`,
		"json-rpc.api":        `"eth,net,web3,txpool"`,
	})
}

// setLines sets values of a file of TOML, named section.key; each must be there once.
func setLines(file string, values map[string]string) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	lines := strings.Split(string(text), "\n")
	section, left := "", len(values)
	for n, line := range lines {
		if name, ok := strings.CutPrefix(line, "["); ok {
			section = strings.TrimSuffix(strings.TrimSpace(name), "]")
		}
		key, _, _ := strings.Cut(line, " =")
		if value, ok := values[section+"."+key]; ok {
			lines[n] = key + " = " + value
			left--
		}
	}
	if left != 0 {
		return fmt.Errorf("expected all of %v in %s, found all but %d", values, file, left)
	}
	return os.WriteFile(file, []byte(strings.Join(lines, "\n")), 0o644)
}
