"""Files that people upload or the product makes, and runs of imports."""
