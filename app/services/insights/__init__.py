"""Insights: tickets are mirrored and read, and what they complain of in common is found and followed."""
