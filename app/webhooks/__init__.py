"""Telling subscribers over HTTP that something happened: endpoints, signatures, deliveries."""
