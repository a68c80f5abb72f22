"""What is typed after `amicable`, entered in `bot/__main__.py`.

They reach adapters through the composition root, like everybody else; the sandbox alone brings services of its own.
"""
