#!/usr/bin/env bash
# Runs the scan, keeps its exit code for the last step, and writes annotations, SARIF and the job summary.
# Inputs come as variables and never as text of a script, so that no value can become a command.
set -euo pipefail

[[ -z ${ZDR_CLIENT_ID:-} ]] || export AZURE_CLIENT_ID=$ZDR_CLIENT_ID
[[ -z ${ZDR_TENANT_ID:-} ]] || export AZURE_TENANT_ID=$ZDR_TENANT_ID

summary="${RUNNER_TEMP:?}/zdr-check-summary.md"
sarif=${ZDR_SARIF:-zdr-check.sarif}
rm -f "$summary" "$sarif"

arguments=(--format github --report "sarif=$sarif" --summary "$summary" --credential "${ZDR_CREDENTIAL:-auto}")
subscriptions=0
while IFS= read -r line; do
  line="${line#"${line%%[![:space:]]*}"}"
  line="${line%"${line##*[![:space:]]}"}"
  [[ -n $line ]] || continue
  arguments+=(--subscription "$line")
  subscriptions=$((subscriptions + 1))
done < <(tr ',' '\n' <<<"${ZDR_SUBSCRIPTION:-}")
[[ -z ${ZDR_CONFIG:-} ]] || arguments+=(--config "$ZDR_CONFIG")
[[ -z ${ZDR_FAIL_ON:-} ]] || arguments+=(--fail-on "$ZDR_FAIL_ON")
[[ ${ZDR_ALLOW_INCOMPLETE:-false} != true ]] || arguments+=(--allow-incomplete)
scoped=$subscriptions
while IFS= read -r line; do
  line=${line%$'\r'}
  [[ -n $line ]] || continue
  arguments+=("$line")
  case $line in
    --demo | --all-subscriptions | --account* | --management-group* | --snapshot*) scoped=1 ;;
  esac
done <<<"${ZDR_ARGS:-}"
((scoped > 0)) || arguments+=(--all-subscriptions)

code=0
zdr-check scan "${arguments[@]}" || code=$?

{
  printf 'exit-code=%s\n' "$code"
  if [[ -s $sarif ]]; then printf 'sarif-file=%s\n' "$sarif"; fi
} >>"$GITHUB_OUTPUT"

if [[ ! -s $summary ]]; then
  printf '## zdr-check\n\nThere is no report: the scan ended with exit code %s. The log says why.\n' "$code" >>"$GITHUB_STEP_SUMMARY"
else
  cat "$summary" >>"$GITHUB_STEP_SUMMARY"
fi
