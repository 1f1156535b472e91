"""Providers: registered settings, their inspections, conditions, holds and named carers."""
