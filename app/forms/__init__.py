"""Forms and form fields that several pages use."""
