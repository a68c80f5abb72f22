"""One module a feature: `build` takes the kit and the use cases that it needs, and gives what the feature brings."""
