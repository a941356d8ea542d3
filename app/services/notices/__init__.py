"""Telling people and programs what became of jobs.

The engine only adds a row to the outbox (`events`). What stands there is handed out to those who want it (`outbox`),
and each of them has a delivery that is tried until it succeeds or is a day old (`tries`): by mail (`mails`) or to an
address of a program (`webhooks`, `posting`).
"""
