"""The pages of the desk, in the order of its first page."""

from bilderatlas.desk.crops import Crops
from bilderatlas.desk.prints import Prints

PAGES = (Crops, Prints)
