"""A checker of certificates, to be read in one sitting. It shares no code with what makes them."""
