"""What fuzzers, broken clients and attackers send, against every operation of the contract."""
