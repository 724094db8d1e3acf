#!/usr/bin/env bash
# Makes the release archive NAME.tar.gz (NAME.zip for Windows) from the program in FOLDER, with completions and man pages that the
# program itself generates: package.sh FOLDER NAME
set -euo pipefail
folder=$1 name=$2
program=$folder/zdr-check
if [[ -f $program.exe ]]; then program=$program.exe; fi

rm -rf "$name"
mkdir -p "$name/completions"
cp "$program" README.md CHANGELOG.md LICENSE "$name/"
"$program" generate --quiet man "$name/man"
"$program" generate completions bash >"$name/completions/zdr-check.bash"
"$program" generate completions zsh >"$name/completions/_zdr-check"
"$program" generate completions fish >"$name/completions/zdr-check.fish"
"$program" generate completions powershell >"$name/completions/_zdr-check.ps1"
"$program" generate completions elvish >"$name/completions/zdr-check.elv"
if [[ $program == *.exe ]]; then 7z a -bso0 "$name.zip" "$name"; else tar -czf "$name.tar.gz" "$name"; fi
