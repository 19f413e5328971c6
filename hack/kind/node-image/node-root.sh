#!/bin/bash
# Turns a root file system of Debian packages into that of a kind node: what kind's own base and node images do in
# their Dockerfiles, with the programs built here. Run by mmdebstrap as a customize hook: node-root.sh <root>.
#   KIND_FILES   kind's images/base/files      PROGRAMS    crictl, pause, podnet       KUBERNETES  the binary
#   IMAGES       archive of component images   MANIFESTS   default-*.yaml              VERSION     of Kubernetes
set -euo pipefail
root=$1

copy_kind_files() {
  cp -r --no-preserve=mode,ownership "$KIND_FILES/." "$root/" # modules are read-only in the module cache
  chmod 0755 "$root"/usr/local/bin/* "$root"/kind/bin/*
  printf '%s' "$VERSION" >"$root/kind/version"
  mkdir -p "$root/kind/manifests" "$root/etc/kubernetes/manifests"
  cp "$MANIFESTS"/default-*.yaml "$root/kind/manifests/"
}

install_programs() {
  install -m 0755 "$KUBERNETES" "$root/usr/bin/kubelet"
  local name
  # Hard links: one copy of the binary in the image.
  for name in kubeadm kubectl; do ln "$root/usr/bin/kubelet" "$root/usr/bin/$name"; done
  install -m 0755 "$PROGRAMS/crictl" "$root/usr/local/bin/crictl"
  # kind's units expect the container runtime where its own image has it.
  for name in containerd containerd-shim-runc-v2 ctr; do ln -s "/usr/bin/$name" "$root/usr/local/bin/$name"; done
  ln -s /usr/sbin/runc "$root/usr/local/sbin/runc"
  mkdir -p "$root/opt/cni/bin"
  for name in host-local loopback portmap ptp; do cp "$root/usr/lib/cni/$name" "$root/opt/cni/bin/"; done
}

configure_systemd() {
  rm -f "$root"/lib/systemd/system/{multi-user,local-fs,basic}.target.wants/* "$root"/etc/systemd/system/*.wants/* \
    "$root"/lib/systemd/system/sockets.target.wants/*{udev,initctl}* \
    "$root"/lib/systemd/system/sysinit.target.wants/systemd-tmpfiles-setup.service
  echo 'ReadKMsg=no' >>"$root/etc/systemd/journald.conf"
  ln -sf /lib/systemd/systemd "$root/sbin/init"
  chroot "$root" systemctl enable kubelet.service containerd.service undo-mount-hacks.service
  chroot "$root" systemctl mask systemd-binfmt.service # it would register things in the host's kernel
}

configure_runtime() {
  chroot "$root" ctr oci spec |
    chroot "$root" jq '.hooks.createContainer += [{"path": "/kind/bin/mount-product-files.sh"}] | del(.process.rlimits)' \
      >"$root/etc/containerd/cri-base.json"
  # Lowering oom_score_adj needs CAP_SYS_RESOURCE. Where the host withholds it every pod would fail, with the
  # misleading words "can't get final child's PID from pipe: EOF".
  sed -i 's/restrict_oom_score_adj = false/restrict_oom_score_adj = true/' "$root/etc/containerd/config.toml"
  grep -q 'restrict_oom_score_adj = true' "$root/etc/containerd/config.toml"
  # On a host with cgroup v1 the kubelet of Kubernetes 1.35 refuses to start unless told otherwise.
  sed -i 's/^KUBELET_EXTRA_ARGS=.*/& --fail-cgroupv1=false/' "$root/etc/default/kubelet"
  echo >>"$root/etc/default/kubelet"
  grep -q 'fail-cgroupv1=false' "$root/etc/default/kubelet"
}

import_images() {
  cp "$IMAGES" "$root/images.tar"
  chroot "$root" bash -euc '
    containerd >/tmp/containerd.log 2>&1 & pid=$!
    for _ in $(seq 100); do ctr version >/dev/null 2>&1 && break; sleep 0.1; done
    # Pinned: the kubelet must not collect what no registry could give back. Not unpacked: that happens on first use,
    # on the file system of the node.
    ctr -n k8s.io images import --label=io.cri-containerd.pinned=pinned --all-platforms --no-unpack /images.tar \
      || { cat /tmp/containerd.log >&2; kill "$pid"; exit 1; }
    kill "$pid"; wait "$pid" || true
  '
  rm -rf "$root/images.tar" "$root/tmp/containerd.log" "$root"/run/containerd
}

copy_kind_files
install_programs
configure_systemd
configure_runtime
import_images
rm -f "$root/etc/machine-id" && : >"$root/etc/machine-id"
