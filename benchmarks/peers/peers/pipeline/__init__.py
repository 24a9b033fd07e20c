"""From photos to embeddings: decode, detect, align, embed."""
