"""What the dataset is called and how it is described, the same in every format.

What belongs here: the dataset's name, title and description. What does not: any figure.
"""

NAME = "mutuals-observatory"
TITLE = "Mutuals Observatory: public service mutuals in the United Kingdom"
DESCRIPTION = (
    "Organisations in the United Kingdom under each published definition of a public service "
    "mutual, with the evidence for every verdict, their returns, awards, events and survival, and "
    "the sources behind each column. A verdict decides no eligibility in law. Null means that no "
    "source says, never no."
)
KEYWORDS = (
    "public service mutuals",
    "co-operatives",
    "community interest companies",
    "social enterprise",
    "public procurement",
)
