"""What can be measured on a folder of inputs with known answers: one module for each kind of input."""
