"""All HTTP to Zendesk, and nothing else."""
