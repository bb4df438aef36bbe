package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
)

// stake is what each validator owns, and twice what it stakes, in the smallest unit; equal stakes are equal votes.
const (
	owned  = "2000000000000000000" + denom
	staked = "1000000000000000000" + denom
)

// initNetwork makes the folders of all validators below dir, with one genesis.
func initNetwork(dir, engine string, count int) error {
	program, err := exec.LookPath(engine)
	if err != nil {
		return err
	}
	if program, err = filepath.Abs(program); err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	network, err := plan(dir, program, count)
	if err != nil {
		return err
	}
	if err := makeHomes(network, program); err != nil {
		return err
	}
	if err := makeGenesis(network, program); err != nil {
		return err
	}
	for n := range network.Validators {
		if err := configure(network, n); err != nil {
			return err
		}
	}
	return network.write(dir)
}

// makeHomes gives each validator its folder and its keys, all at the same time.
func makeHomes(network *Network, program string) error {
	failures := make([]error, len(network.Validators))
	var all sync.WaitGroup
	for n := range network.Validators {
		all.Add(1)
		go func() {
			defer all.Done()
			failures[n] = makeHome(&network.Validators[n], program)
		}()
	}
	all.Wait()
	for _, failure := range failures {
		if failure != nil {
			return failure
		}
	}
	return nil
}

func makeHome(validator *Validator, program string) error {
	engine := engineAt(program, validator.Home)
	if _, err := engine("init", filepath.Base(validator.Home), "--chain-id", chainName); err != nil {
		return err
	}
	// Without it the engine's own commands do not know their money.
	client := filepath.Join(validator.Home, "config", "client.toml")
	if err := setLines(client, map[string]string{".chain-id": `"` + chainName + `"`}); err != nil {
		return err
	}
	if _, err := engine("keys", "add", "validator", "--keyring-backend", "test"); err != nil {
		return err
	}
	id, err := engine("comet", "show-node-id")
	validator.id = strings.TrimSpace(id)
	return err
}

// makeGenesis lets the first validator collect the stakes of all, and gives the result to all.
func makeGenesis(network *Network, program string) error {
	first := network.Validators[0].Home
	genesis := genesisFile(first)
	if err := edit(genesis, setRules); err != nil {
		return err
	}
	for _, validator := range network.Validators {
		address, err := engineAt(program, validator.Home)(
			"keys", "show", "validator", "--address", "--keyring-backend", "test")
		if err != nil {
			return err
		}
		_, err = engineAt(program, first)("genesis", "add-genesis-account", strings.TrimSpace(address), owned)
		if err != nil {
			return err
		}
	}
	for _, validator := range network.Validators {
		if err := stakeOf(validator, program, first); err != nil {
			return err
		}
	}
	if _, err := engineAt(program, first)("genesis", "collect-gentxs"); err != nil {
		return err
	}
	for _, validator := range network.Validators[1:] {
		if err := copyFile(genesis, genesisFile(validator.Home)); err != nil {
			return err
		}
	}
	return nil
}

// stakeOf writes a validator's first stake into the folder of the one that collects them.
func stakeOf(validator Validator, program, first string) error {
	if validator.Home != first {
		if err := copyFile(genesisFile(first), genesisFile(validator.Home)); err != nil {
			return err
		}
	}
	stakes := filepath.Join(first, "config", "gentx")
	if err := os.MkdirAll(stakes, 0o755); err != nil {
		return err
	}
	_, err := engineAt(program, validator.Home)(
		"genesis", "gentx", "validator", staked, "--chain-id", chainName, "--keyring-backend", "test",
		"--gas-prices", "0"+denom, "--output-document",
		filepath.Join(stakes, filepath.Base(validator.Home)+".json"))
	return err
}

// engineAt runs the engine's commands in a folder; the answer is what it prints.
func engineAt(program, home string) func(args ...string) (string, error) {
	return func(args ...string) (string, error) {
		command := exec.Command(program, append(args, "--home", home)...)
		var said bytes.Buffer
		command.Stderr = &said
		answer, err := command.Output()
		if err != nil {
			return "", fmt.Errorf("the engine's %s: %w: %s", strings.Join(args[:2], " "), err, said.String())
		}
		return string(answer), nil
	}
}

func genesisFile(home string) string { return filepath.Join(home, "config", "genesis.json") }

func copyFile(from, to string) error {
	text, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	return os.WriteFile(to, text, 0o644)
}
