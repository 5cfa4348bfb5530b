"""The editors that dtsgan works in, an adapter each."""
