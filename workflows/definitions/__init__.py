"""The durable jobs. A definition reads as the sentence it implements: no I/O, no clock, no CPU work."""
