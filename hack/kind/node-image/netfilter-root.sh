#!/bin/bash
# Finishes the root file system of the images that set network rules: netfilter-root.sh <root>. It is made of the
# packages iptables and busybox-static, extracted without their maintainer scripts, so the links are made here.
set -euo pipefail
root=$1

for name in sh cat grep mkdir rm; do ln -sf busybox "$root/bin/$name"; done
mkdir -p "$root/usr/local/sbin"
# The kernel keeps rules of two kinds, old and new, which do not see each other. The node's kubelet leaves a mark in the
# kind that the node uses; rules have to go where the node's own are.
cat >"$root/usr/local/sbin/iptables" <<'SCRIPT'
#!/bin/sh
kind=legacy
if /usr/sbin/xtables-nft-multi iptables-save -t mangle 2>/dev/null | grep -q '^:KUBE-IPTABLES-HINT'; then kind=nft; fi
exec "/usr/sbin/xtables-$kind-multi" "${0##*/}" "$@"
SCRIPT
chmod 0755 "$root/usr/local/sbin/iptables"
for name in iptables-save iptables-restore ip6tables ip6tables-save ip6tables-restore; do
  ln -s iptables "$root/usr/local/sbin/$name"
done
