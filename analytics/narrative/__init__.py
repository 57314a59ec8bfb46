"""From numbers to words: facts, a writer that may only say them, and a verifier that holds it to that."""
