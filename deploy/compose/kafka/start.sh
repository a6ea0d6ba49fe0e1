#!/bin/bash
# Starts node $NODE; its storage is made ready where it is new.
set -euo pipefail
host=kafka-$NODE
settings=/tmp/server.properties

cat /etc/xindun/server.properties - >"$settings" <<END
node.id=$NODE
listeners=CLIENTS://$host:9092,BROKERS://$host:9093,CONTROLLER://$host:9094
advertised.listeners=CLIENTS://$host:9092,BROKERS://$host:9093
END
kafka-storage.sh format --ignore-formatted --cluster-id "$CLUSTER_ID" --config "$settings"
exec kafka-server-start.sh "$settings"
