#!/usr/bin/env bash
# Checks whether the process of this container is live or ready; the image has no HTTP client. Usage: healthy.sh live|ready [PORT]
set -euo pipefail
exec 3<> "/dev/tcp/127.0.0.1/${2:-9464}"
printf 'GET /healthz/%s HTTP/1.0\r\nHost: localhost\r\n\r\n' "$1" >&3
IFS= read -r status <&3
[[ $status == *" 200 "* ]]
