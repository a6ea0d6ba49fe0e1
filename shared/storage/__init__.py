"""MongoDB: documents, the transaction of a command, encrypted fields and their keys, indexes, migrations, backups."""
