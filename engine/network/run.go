package main

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"syscall"
	"time"
)

// patience is how long the first blocks may take.
const patience = 60 * time.Second

// runNetwork runs all validators until it is interrupted or one of them ends; then it ends all. It says "ready" once each
// serves a block.
func runNetwork(dir string) error {
	network, err := readNetwork(dir)
	if err != nil {
		return err
	}
	interrupted, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	ended := make(chan string, len(network.Validators))
	var started []*exec.Cmd
	alive := 0
	defer func() { end(started, alive, ended) }()
	for _, validator := range network.Validators {
		command, err := start(validator)
		if err != nil {
			return err
		}
		started = append(started, command)
		alive++
		go func() {
			err := command.Wait()
			ended <- fmt.Sprintf("the validator in %s ended (%v); its log is %s", validator.Home, err, validator.Log)
		}()
	}
	if err := awaitBlocks(interrupted, network, ended); err != nil {
		return err
	}
	fmt.Println("ready")
	select {
	case <-interrupted.Done():
		return nil
	case why := <-ended:
		alive--
		return fmt.Errorf("%s", why)
	}
}

// start starts a validator in a process group of its own, so that an interrupt of the terminal is not sent to it twice.
func start(validator Validator) (*exec.Cmd, error) {
	log, err := os.OpenFile(validator.Log, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	if err != nil {
		return nil, err
	}
	defer log.Close()
	command := exec.Command(validator.Command[0], validator.Command[1:]...)
	command.Stdout, command.Stderr = log, log
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	return command, command.Start()
}

// end asks all validators to end and waits until the living have; who takes too long is killed.
func end(started []*exec.Cmd, alive int, ended <-chan string) {
	signalAll := func(how os.Signal) {
		for _, command := range started {
			// It may have ended already.
			_ = command.Process.Signal(how)
		}
	}
	signalAll(syscall.SIGTERM)
	late := time.After(10 * time.Second)
	for range alive {
		select {
		case <-ended:
		case <-late:
			signalAll(syscall.SIGKILL)
			return
		}
	}
}

func awaitBlocks(interrupted context.Context, network *Network, ended <-chan string) error {
	deadline := time.After(patience)
	for _, validator := range network.Validators {
		for !hasBlock(validator.RPC) {
			select {
			case <-time.After(100 * time.Millisecond):
			case <-interrupted.Done():
				return fmt.Errorf("interrupted before the first block")
			case why := <-ended:
				return fmt.Errorf("%s", why)
			case <-deadline:
				return fmt.Errorf("expected a block at %s within %s, found none; its log is %s",
					validator.RPC, patience, validator.Log)
			}
		}
	}
	return nil
}

// hasBlock tells whether a service answers with a block after the genesis.
func hasBlock(url string) bool {
	ask := `{"jsonrpc":"2.0","id":1,"method":"eth_blockNumber","params":[]}`
	answer, err := http.Post(url, "application/json", strings.NewReader(ask))
	if err != nil {
		return false
	}
	defer answer.Body.Close()
	text := make([]byte, 256)
	length, _ := answer.Body.Read(text)
	said := string(text[:length])
	return strings.Contains(said, `"result":"0x`) && !strings.Contains(said, `"result":"0x0"`)
}
