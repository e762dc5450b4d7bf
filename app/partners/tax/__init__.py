"""税务: what taxes were paid on in twelve months. JSON over mutual TLS."""
