// Command network makes and runs the network of validators that Theriac is tested on, all on this machine.
//
//	network init DIR [-validators N] [-engine FILE]   make folders, keys, genesis and configuration
//	network run DIR                                   run all validators until interrupted
//
// init writes DIR/network.json, which says how to start each validator and where it serves: whoever wants to kill and
// restart single validators starts them from there.
package main

import (
	"flag"
	"fmt"
	"os"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "network:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) < 2 {
		return fmt.Errorf("expected init DIR or run DIR, found %q", args)
	}
	flags := flag.NewFlagSet(args[0], flag.ContinueOnError)
	validators := flags.Int("validators", 4, "how many validators to make")
	engine := flags.String("engine", "evmd", "the engine's program")
	if err := flags.Parse(args[2:]); err != nil {
		return err
	}
	switch args[0] {
	case "init":
		return initNetwork(args[1], *engine, *validators)
	case "run":
		return runNetwork(args[1])
	}
	return fmt.Errorf("expected init or run, found %q", args[0])
}
