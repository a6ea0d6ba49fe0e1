#!/bin/bash
# Gives each service its user, and what it may do: make, read and write topics, and consume by its own groups. It may neither
# delete a topic nor change one, and nobody but the administrator's certificate may give rights. Running it again does no harm,
# and gives a service the password that its file holds now.
set -euo pipefail
at=(--bootstrap-server kafka-1:9093,kafka-2:9093,kafka-3:9093)
admin=/etc/xindun/admin.properties
services=(registry insurance complaints subsidies notifier)

everybody=()
for service in "${services[@]}"; do
    kafka-configs.sh "${at[@]}" --command-config "$admin" --alter --entity-type users --entity-name "$service" \
        --add-config-file <(echo "SCRAM-SHA-512=password=$(<"/run/secrets/$service-kafka-password")")
    kafka-acls.sh "${at[@]}" --command-config "$admin" --add --allow-principal "User:$service" \
        --operation Read --operation Describe --group "$service." --resource-pattern-type prefixed
    everybody+=(--allow-principal "User:$service")
done
kafka-acls.sh "${at[@]}" --command-config "$admin" --add "${everybody[@]}" \
    --operation Create --operation Describe --operation DescribeConfigs --operation Read --operation Write --topic '*'
