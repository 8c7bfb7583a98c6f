"""The tests of the observatory; rooms mirror those of the library."""
