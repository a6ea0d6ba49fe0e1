module xindun/push

go 1.21
