"""Offers: what homes propose, sealed until closing time, then compared at whole cost."""
