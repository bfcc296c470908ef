"""Real programs for tests to start: Node-RED, the demo upstreams, httpbin."""
