"""What an operator types besides the processes: one file a command, entered in `bot/__main__.py`.

They reach adapters through the composition root, like everybody else.
"""
