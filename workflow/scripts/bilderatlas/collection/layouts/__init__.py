"""Readers of published layouts, one module a layout; see bilderatlas.collection.readers."""
