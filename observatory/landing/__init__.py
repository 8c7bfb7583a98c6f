"""Landing: every body received, named by its SHA-256, with a receipt that is kept for ever."""
