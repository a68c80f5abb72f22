"""The repositories of `rules.ports` over our tables, each within one workspace and one transaction."""
