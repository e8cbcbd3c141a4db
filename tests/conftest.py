"""What holds for every test: how Hypothesis looks for examples.

A change is judged by the same examples wherever it is tested; the nightly profile
(HYPOTHESIS_PROFILE=nightly) looks for new ones, and the profile for mutants is content
with any example that fails. No example is failed for its speed.
"""

import os

from hypothesis import Phase, settings


settings.register_profile("change", deadline=None, derandomize=True)
settings.register_profile("nightly", deadline=None, max_examples=2_000)
settings.register_profile(
    "mutants",
    deadline=None,
    derandomize=True,
    phases=(Phase.explicit, Phase.generate),
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "change"))
