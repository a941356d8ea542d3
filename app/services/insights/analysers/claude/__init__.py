"""The analyser that asks Anthropic's Claude. It costs money, and tickets leave the house without personal data."""
