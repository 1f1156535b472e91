"""The trackers that placement teams keep in spreadsheets: own carers, vacancies, placements."""
