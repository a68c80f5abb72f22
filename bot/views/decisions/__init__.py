"""Plans, the checklist and the forms that answer it."""
