#!/bin/sh
# Starts a node of role learner: it resumes the run that is on this machine, or becomes a standby if another learner runs it. Otherwise it
# starts the run in run.conf; without run.conf it becomes a standby of the run of the seeds in node.conf.
set -eu
directory=${ICPO_RUN_DIRECTORY:-/var/lib/icpo/run}
configuration=${ICPO_CONFIGURATION:-/etc/icpo}
if [ -f "$directory/effective.conf" ]; then
    set -- --resume "$directory"
elif [ -f "$configuration/run.conf" ]; then
    set -- --run "$configuration/run.conf" --set run.directory="$directory" --set 'cluster.seeds=[]'
else
    set -- --set run.directory="$directory"
fi
exec "$(dirname "$0")/icpo" node --role learner --config "$configuration/node.conf" "$@"
