"""Shapes that exist on the wire only; everything else is a struct of models.domain."""
