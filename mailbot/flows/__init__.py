"""The jobs: each joins rooms, owns its transactions, and may be killed at any line and started again."""
