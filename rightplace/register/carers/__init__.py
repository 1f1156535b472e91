"""The authority's own carers: households, approval, skills."""
