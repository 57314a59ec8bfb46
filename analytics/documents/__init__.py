"""From frames to the parts of stored documents: the last hop, where integers become quantised numbers with units."""
