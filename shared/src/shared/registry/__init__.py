"""The registry of pooling areas: the platform's signed snapshot, and the copy that every service keeps."""
