"""What the tests of the running program stand on: a sound card, the server, the formats, real browsers."""
