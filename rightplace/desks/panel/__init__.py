"""The panel desk: permission to place."""
