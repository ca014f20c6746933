#!/usr/bin/env bash
# Starts icpo in a container: the arguments are those of icpo. A node listens on the container's own address by default.
# "learner FILE OPTIONS..." is a node of role learner, with its part of the run in /var/lib/icpo/run. If the volume contains the run, the
# node resumes it, or becomes a standby if another learner runs it. Otherwise it becomes a standby if a learner responds at ICPO_LEARNERS
# (name:port, all addresses of the name), and starts the run in FILE if none does.
set -euo pipefail

answers() {
    local address own
    own=" $(hostname -i) "
    while read -r address _; do
        if [[ $own != *" $address "* ]] && timeout 2 bash -c "exec 3<> '/dev/tcp/$address/${ICPO_LEARNERS##*:}'" 2> /dev/null; then
            return 0
        fi
    done < <(getent ahostsv4 "${ICPO_LEARNERS%:*}")
    return 1
}

if [[ ${1:-} == node || ${1:-} == learner ]]; then
    addresses=$(hostname -i)
    export ICPO__CLUSTER__HOST="${ICPO__CLUSTER__HOST:-${addresses%% *}}"
fi
if [[ ${1:-} != learner ]]; then
    exec icpo "$@"
fi
file=$2
shift 2
directory=${ICPO_RUN_DIRECTORY:-/var/lib/icpo/run}
seeds=()
if [[ -n ${ICPO_LEARNERS:-} ]]; then
    seeds=(--seed "dns:$ICPO_LEARNERS")
fi
if [[ -f $directory/effective.conf ]]; then
    exec icpo node --role learner --resume "$directory" "${seeds[@]}" "$@"
fi
if [[ -n ${ICPO_LEARNERS:-} ]] && answers; then
    exec icpo node --role learner --set run.directory="$directory" "${seeds[@]}" "$@"
fi
exec icpo node --role learner --run "$file" --set run.directory="$directory" "$@"
