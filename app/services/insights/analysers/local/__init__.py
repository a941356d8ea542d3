"""The analyser that needs no network and no key: word lists, and rules that anybody can read."""
