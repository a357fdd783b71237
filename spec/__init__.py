"""What must hold, and the words to say it. Imports nothing else of this project."""
