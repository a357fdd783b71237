"""How the pump behaves: tables of rows and the machine that runs them."""
