"""From texts to issues, in numbers alone: no database. Import its modules late, since they bring scikit-learn."""
