"""The local copy of Zendesk's macros: renewed in the background, and searched here."""
