"""The durable engine, the only package that knows it: jobs, queues, their worker. What a job does is in `bot/jobs`."""
