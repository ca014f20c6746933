#!/usr/bin/env bash
# Creates a certificate authority for tests of TLS, and a certificate for each node. In production use your own authority.
# Usage: deploy/tls/make-test-authority.sh DIRECTORY HOST...
# Result: DIRECTORY/authority.pem, and DIRECTORY/HOST.pem with DIRECTORY/HOST.key for each host.
# New certificates: run it again for the same directory; the authority is kept, and nodes load the new files when they start next.
set -euo pipefail
[ $# -ge 2 ] || { sed -n '2,5s/^# //p' "$0"; exit 2; }
directory=$1
shift
mkdir -p "$directory"
cd "$directory"
umask 077
if [ ! -f authority.pem ]; then
    openssl req -x509 -newkey rsa:3072 -nodes -days 365 -subj "/CN=ICPO test authority" \
        -keyout authority.key -out authority.pem 2> /dev/null
fi
for host in "$@"; do
    case $host in
        *[!0-9.]*) name="DNS:$host" ;;
        *) name="IP:$host" ;;
    esac
    openssl req -newkey rsa:3072 -nodes -subj "/CN=$host" -keyout "$host.key" -out "$host.csr" 2> /dev/null
    openssl x509 -req -in "$host.csr" -CA authority.pem -CAkey authority.key -CAcreateserial -days 90 -out "$host.pem" \
        -extfile <(printf 'subjectAltName=%s\nextendedKeyUsage=serverAuth,clientAuth\n' "$name") 2> /dev/null
    rm "$host.csr"
done
