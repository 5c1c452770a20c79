"""The rules of the money: pure, standard library and shared value types only."""
