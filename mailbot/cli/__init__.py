"""The commands a person types: thin, clear, and without any decision of their own."""
