"""The register that ships with the product."""

from __future__ import annotations

from pathlib import Path

PACKAGED = Path(__file__).parent / "data" / "providers_31_march_2025.csv.gz"
"""The register of 31 March 2025 as published, for the demo and for a first look."""
