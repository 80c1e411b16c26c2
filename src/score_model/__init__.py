"""score-model: how good is this sequence of browser actions for this task?"""
