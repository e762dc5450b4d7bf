"""农业农村: machinery and subsidies. Paged JSON, signed with time and nonce."""
