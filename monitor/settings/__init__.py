"""Configuration in force, and the data files that ship with the product."""
