"""Where mail comes from and is filed."""
