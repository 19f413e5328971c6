// Command crictl answers the questions that kind and kubeadm ask of the tool of that name, which is not published as a
// module: `inspecti IMAGE`, `pull IMAGE`, `info`, `version` and `images`, over the container runtime's own interface.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"time"

	internalapi "k8s.io/cri-api/pkg/apis"
	runtimeapi "k8s.io/cri-api/pkg/apis/runtime/v1"
	cri "k8s.io/cri-client/pkg"
	"k8s.io/klog/v2"
)

const (
	socket  = "unix:///run/containerd/containerd.sock"
	timeout = 2 * time.Minute
)

func main() {
	command, argument := parse(os.Args[1:])
	answer, err := run(context.Background(), command, argument)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	encoder := json.NewEncoder(os.Stdout)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(answer); err != nil {
		os.Exit(1)
	}
}

// parse skips flags: callers give `-o json` and `--runtime-endpoint …`, and both are what happens here anyway.
func parse(arguments []string) (command, argument string) {
	var words []string
	for i := 0; i < len(arguments); i++ {
		switch word := arguments[i]; {
		case word == "-o" || word == "--output" || word == "-r" || word == "--runtime-endpoint":
			i++
		case word[0] != '-':
			words = append(words, word)
		}
	}
	words = append(words, "", "")
	return words[0], words[1]
}

func run(ctx context.Context, command, argument string) (any, error) {
	logger := klog.Background()
	images, err := cri.NewRemoteImageService(socket, timeout, nil, &logger)
	if err != nil {
		return nil, err
	}
	switch command {
	case "inspecti":
		return inspect(ctx, images, argument)
	case "pull":
		return images.PullImage(ctx, &runtimeapi.ImageSpec{Image: argument}, nil, nil)
	case "images":
		return images.ListImages(ctx, nil)
	}
	runtime, err := cri.NewRemoteRuntimeService(socket, timeout, nil, &logger)
	if err != nil {
		return nil, err
	}
	switch command {
	case "info":
		return runtime.Status(ctx, true)
	case "version":
		return runtime.Version(ctx, "v1")
	}
	return nil, fmt.Errorf("crictl: %q is not one of inspecti, pull, images, info, version", command)
}

func inspect(ctx context.Context, images internalapi.ImageManagerService, name string) (any, error) {
	status, err := images.ImageStatus(ctx, &runtimeapi.ImageSpec{Image: name}, false)
	if err != nil {
		return nil, err
	}
	if status.GetImage() == nil {
		return nil, errors.New("no such image " + name) // the words kind looks for
	}
	return map[string]any{"status": status.GetImage()}, nil
}
