"""ChirpStack v4 through its own API: devices declared there from the registry, compared with it, and written to."""
