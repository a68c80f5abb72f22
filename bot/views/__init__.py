"""Pure functions from domain values to blocks: no query, no clock, no settings. Who draws a form also reads it."""
