"""Which market the tests' gateways open with: the same stocks and prices each time."""

from typing import Final


SEED: Final = 7
