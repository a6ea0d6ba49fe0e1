#!/bin/bash
# MongoDB takes a key that its own user alone may read, and no other.
set -euo pipefail
install -m 0400 /run/secrets/mongo-key /tmp/mongo-key
exec mongod --config /etc/xindun/mongod.yaml
