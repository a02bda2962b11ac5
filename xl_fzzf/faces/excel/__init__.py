"""What runs inside Excel: ribbon, functions in cells, and the add-in that carries them."""
