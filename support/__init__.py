"""Parts that the tests of the running program and the benchmarks share: the server, processes, sound, formats, clients,
browsers, proxies, and faults of the machine."""
