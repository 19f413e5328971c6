// Command kubernetes is every program of a cluster in one file: it runs the one whose name it was started by.
//
// The modules that make up Kubernetes are published everywhere, its binaries and images are not always within reach.
// One binary for all takes a fraction of the size and of the build time of nine, since nearly all of the code is shared.
package main

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// programs are the names this binary answers to. Each takes its arguments from os.Args, as the original does.
var programs = map[string]func() int{
	"coredns":                 runCoreDNS,
	"etcd":                    runEtcd,
	"kube-apiserver":          runAPIServer,
	"kube-controller-manager": runControllerManager,
	"kube-proxy":              runProxy,
	"kube-scheduler":          runScheduler,
	"kubeadm":                 runKubeadm,
	"kubectl":                 runKubectl,
	"kubelet":                 runKubelet,
}

func main() {
	// `kubernetes etcd --flag` serves where no link of the right name is at hand.
	if _, found := programs[called()]; !found && len(os.Args) > 1 {
		os.Args = os.Args[1:]
	}
	run, found := programs[called()]
	if !found {
		names := strings.Join(slices.Sorted(maps.Keys(programs)), ", ")
		fmt.Fprintf(os.Stderr, "%s is no program of this binary; its programs: %s\n", called(), names)
		os.Exit(64)
	}
	os.Exit(run())
}

func called() string { return filepath.Base(os.Args[0]) }
