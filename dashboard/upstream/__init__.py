"""Floor 1: what Livepeer Studio says. Asking, reading, redacting; no Django and no rows in here."""
