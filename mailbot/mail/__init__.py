"""Bytes to facts and back; pure."""
