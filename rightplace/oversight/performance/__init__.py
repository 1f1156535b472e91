"""How children looked after fare, counted from the record: indicators, what moved them, and what is published beside."""
