"""Crops: what of a scan is the photograph, and what is colour card, ruler, mount or background."""
