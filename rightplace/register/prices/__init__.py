"""What was agreed to be paid, by home and contract: the history of prices, with the need behind each and never the child."""
