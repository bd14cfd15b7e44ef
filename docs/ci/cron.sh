#!/usr/bin/env bash
# Plain cron: 17 5 * * * /opt/dbmoat/cron.sh /var/lib/dbmoat
# Keeps the inventory and the page of every day. cron mails what is written here, which is nothing while
# the audit passes.
set -euo pipefail
folder=$1/$(date +%F)
mkdir -p "$folder"
code=0
dbmoat collect --quiet --region all --allow-incomplete -o "$folder/inventory.jsonl.zst"
dbmoat scan --quiet --inventory "$folder/inventory.jsonl.zst" -o table="$folder/report.txt" -o html="$folder/report.html" 2> "$folder/reason" || code=$?
if [ "$code" -ne 0 ]; then
    cat "$folder/reason" "$folder/report.txt"
fi
exit "$code"
