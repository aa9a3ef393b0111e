"""Cases, events, clocks, windows, and what follows from an event; pure."""
