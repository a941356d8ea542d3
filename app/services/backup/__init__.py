"""Backups of the database: made while everything runs, checked by being restored, and restored without harm."""
