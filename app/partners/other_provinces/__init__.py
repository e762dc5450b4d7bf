"""异地协同: what the province holds where somebody is registered. Signed messages, answered days later."""
