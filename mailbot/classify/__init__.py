"""Examples to a model to a label with a confidence and reasons."""
