#!/usr/bin/env bash
# Puts zdr-check on the path of the job: a release archive whose checksum is verified, or a build of the pinned source.
set -euo pipefail

fail() {
  printf '::error title=zdr-check::%s\n' "$1"
  exit 1
}

source_dir=$(cd "$GITHUB_ACTION_PATH/../../.." && pwd)
bin="${RUNNER_TEMP:?}/zdr-check-bin"
mkdir -p "$bin"

case "${ZDR_INSTALL:-release}" in
  build)
    cargo install --locked --path "$source_dir" --root "$bin/cargo"
    printf '%s\n' "$bin/cargo/bin" >>"$GITHUB_PATH"
    exit 0
    ;;
  release) ;;
  *) fail "install: '$ZDR_INSTALL' is neither release nor build" ;;
esac

version=${ZDR_VERSION:-$(sed -n 's/^version = "\(.*\)"/\1/p' "$source_dir/Cargo.toml" | head -n 1)}
version=${version#v}
[[ $version =~ ^[0-9]+\.[0-9]+\.[0-9]+[0-9A-Za-z.+-]*$ ]] || fail "version: '$version' is not a version such as 0.1.0"

case "$RUNNER_ARCH" in
  X64) arch=x86_64 ;;
  ARM64) arch=aarch64 ;;
  *) fail "no release for $RUNNER_ARCH; use install: build" ;;
esac
case "$RUNNER_OS" in
  Linux) target=$arch-unknown-linux-musl suffix=tar.gz ;;
  macOS) target=$arch-apple-darwin suffix=tar.gz ;;
  Windows) target=$arch-pc-windows-msvc suffix=zip ;;
  *) fail "no release for $RUNNER_OS; use install: build" ;;
esac

name=zdr-check-v$version-$target
url=${ZDR_DOWNLOAD_URL:-${GITHUB_SERVER_URL:?}/${ZDR_REPOSITORY:-${GITHUB_REPOSITORY:?}}/releases/download/v$version}
cd "$bin"
for file in "$name.$suffix" SHA256SUMS; do
  curl --fail --silent --show-error --location --retry 3 --output "$file" "$url/$file" ||
    fail "cannot download $url/$file"
done
sum=$(command -v sha256sum >/dev/null && echo 'sha256sum' || echo 'shasum -a 256')
awk -v name="$name.$suffix" '$2 == name' SHA256SUMS >checksum
[[ -s checksum ]] || fail "SHA256SUMS does not name $name.$suffix"
$sum --check --strict checksum >/dev/null || fail "the checksum of $name.$suffix is wrong"
if [[ $suffix == zip ]]; then unzip -q -o "$name.zip"; else tar -xzf "$name.tar.gz"; fi
printf '%s\n' "$bin/$name" >>"$GITHUB_PATH"
