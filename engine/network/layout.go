package main

import (
	"encoding/json"
	"fmt"
	"net"
	"os"
	"path/filepath"
)

// chainID is the EIP-155 chain id; the engine's sample application has it fixed.
const chainID = 262144

// chainName is the name under which validators find each other.
const chainName = "theriac-1"

// Network is what network.json says.
type Network struct {
	// ChainID is the EIP-155 chain id.
	ChainID int `json:"chain_id"`
	// Validators are in no order that matters.
	Validators []Validator `json:"validators"`
}

// Validator is one of the network, with all that is needed to start it and to speak to it.
type Validator struct {
	// Home is its folder.
	Home string `json:"home"`
	// Command starts it: program and arguments. It runs until it is ended by SIGTERM.
	Command []string `json:"command"`
	// Log is the file that its output belongs in.
	Log string `json:"log"`
	// RPC is the URL of its Ethereum JSON-RPC service over HTTP.
	RPC string `json:"rpc"`
	// WS is the same over WebSocket.
	WS string `json:"ws"`

	consensus, peers int
	id               string
}

func layoutFile(dir string) string { return filepath.Join(dir, "network.json") }

func (n *Network) write(dir string) error {
	text, err := json.MarshalIndent(n, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(layoutFile(dir), append(text, '\n'), 0o644)
}

func readNetwork(dir string) (*Network, error) {
	text, err := os.ReadFile(layoutFile(dir))
	if err != nil {
		return nil, err
	}
	network := new(Network)
	return network, json.Unmarshal(text, network)
}

// plan gives every validator a folder and free ports.
func plan(dir, engine string, count int) (*Network, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	ports, err := freePorts(4 * count)
	if err != nil {
		return nil, err
	}
	network := &Network{ChainID: chainID}
	for n := range count {
		home := filepath.Join(dir, fmt.Sprintf("validator%d", n))
		own := ports[4*n : 4*n+4]
		network.Validators = append(network.Validators, Validator{
			Home:      home,
			Command:   []string{engine, "start", "--home", home, "--chain-id", chainName, "--log_no_color"},
			Log:       filepath.Join(dir, fmt.Sprintf("validator%d.log", n)),
			RPC:       fmt.Sprintf("http://127.0.0.1:%d", own[0]),
			WS:        fmt.Sprintf("ws://127.0.0.1:%d", own[1]),
			consensus: own[2],
			peers:     own[3],
		})
	}
	return network, nil
}

// freePorts finds ports of the loopback interface that nobody listens on. All are held until all are found, so that they
// are different ones.
func freePorts(count int) ([]int, error) {
	ports := make([]int, count)
	for n := range ports {
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return nil, err
		}
		defer listener.Close()
		ports[n] = listener.Addr().(*net.TCPAddr).Port
	}
	return ports, nil
}
