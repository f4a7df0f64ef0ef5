"""The staircase between the floors: the only code that talks to Studio."""
