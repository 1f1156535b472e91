"""The desk of elected members: the year, the plan and the children as a whole, from the pages that finance reads too."""
