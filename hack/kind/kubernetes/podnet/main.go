// Command podnet connects the pods of a small cluster whose nodes share one network segment: on every node it writes
// the configuration of the CNI plugins, a route to each other node's pods, and the translation of what leaves the
// cluster. It does what kind's own kindnetd does for this purpose; network policies it does not enforce.
package main

import (
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/signal"
	"syscall"
	"time"

	"github.com/vishvananda/netlink"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/cache"
)

const cniConfigPath = "/etc/cni/net.d/10-podnet.conflist"

const cniConfig = `{
  "cniVersion": "0.3.1",
  "name": "podnet",
  "plugins": [
    {"type": "ptp", "ipMasq": false, "ipam": {
      "type": "host-local", "dataDir": "/run/cni-ipam-state",
      "routes": [{"dst": "0.0.0.0/0"}], "ranges": [[{"subnet": %q}]]}},
    {"type": "portmap", "capabilities": {"portMappings": true}}
  ]
}
`

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	if err := run(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "podnet:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context) error {
	config, err := rest.InClusterConfig()
	if err != nil {
		return err
	}
	// The Service address of the API works only after kube-proxy, which may start later than this.
	if endpoint := os.Getenv("CONTROL_PLANE_ENDPOINT"); endpoint != "" {
		config.Host = "https://" + endpoint
	}
	client, err := kubernetes.NewForConfig(config)
	if err != nil {
		return err
	}
	if err := masquerade(os.Getenv("POD_SUBNET")); err != nil {
		return err
	}

	changed := make(chan struct{}, 1)
	notify := func(any) {
		select {
		case changed <- struct{}{}:
		default:
		}
	}
	factory := informers.NewSharedInformerFactory(client, time.Minute)
	nodes := factory.Core().V1().Nodes()
	handler := cache.ResourceEventHandlerFuncs{AddFunc: notify, UpdateFunc: func(_, n any) { notify(n) }, DeleteFunc: notify}
	if _, err := nodes.Informer().AddEventHandler(handler); err != nil {
		return err
	}
	factory.Start(ctx.Done())
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-changed:
			all, err := nodes.Lister().List(labels.Everything())
			if err != nil {
				return err
			}
			if err := connect(all, os.Getenv("NODE_NAME")); err != nil {
				return err // The kubelet starts it again.
			}
		}
	}
}

// connect makes this node's pods reachable from the nodes that are known, and the other way round.
func connect(nodes []*corev1.Node, self string) error {
	for _, node := range nodes {
		if node.Spec.PodCIDR == "" {
			continue // It gets one within a second or two, and is seen again then.
		}
		act := addRoute
		if node.Name == self {
			act = writeCNIConfig
		}
		if err := act(node); err != nil {
			return fmt.Errorf("node %s: %w", node.Name, err)
		}
	}
	return nil
}

func writeCNIConfig(node *corev1.Node) error {
	content := fmt.Sprintf(cniConfig, node.Spec.PodCIDR)
	if present, err := os.ReadFile(cniConfigPath); err == nil && string(present) == content {
		return nil
	}
	// By renaming: the container runtime watches the folder and would read half a file.
	unfinished := cniConfigPath + ".tmp"
	if err := os.WriteFile(unfinished, []byte(content), 0o644); err != nil {
		return err
	}
	return os.Rename(unfinished, cniConfigPath)
}

func addRoute(node *corev1.Node) error {
	_, pods, err := net.ParseCIDR(node.Spec.PodCIDR)
	if err != nil {
		return err
	}
	for _, address := range node.Status.Addresses {
		if address.Type == corev1.NodeInternalIP {
			return netlink.RouteReplace(&netlink.Route{Dst: pods, Gw: net.ParseIP(address.Address)})
		}
	}
	return nil
}

// masquerade gives what pods send outside of the cluster the node's address, since nobody else knows theirs.
func masquerade(podSubnet string) error {
	rule := []string{"POSTROUTING", "-s", podSubnet, "!", "-d", podSubnet, "-m", "comment", "--comment", "podnet", "-j", "MASQUERADE"}
	if exec.Command("iptables", append([]string{"-w", "-t", "nat", "-C"}, rule...)...).Run() == nil {
		return nil
	}
	output, err := exec.Command("iptables", append([]string{"-w", "-t", "nat", "-A"}, rule...)...).CombinedOutput()
	if err != nil {
		return fmt.Errorf("iptables: %w: %s", err, output)
	}
	return nil
}
