"""Analysers: each says of a ticket what it is about, of what kind, how bad, in what mood and in which language."""
