"""The collections of Docs/Recipes.md, its commands, and what they print."""
