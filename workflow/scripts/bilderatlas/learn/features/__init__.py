"""Features of frozen networks: what a network that is never trained here sees in each picture."""
