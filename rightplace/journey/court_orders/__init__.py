"""Places that are not registered: stopped, unless a court orders one; then agreed by the director, told to Ofsted, watched."""
