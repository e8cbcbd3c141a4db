"""What rings, and when."""

from typing import Literal

from pydantic import Field

from core.settings.group import SettingsGroup
from core.settings.types import Span


class NoiseSettings(SettingsGroup):
    """What rings, and when. Times of day are New York's."""

    quiet_hours: Span | None = Field(
        None, description="two times of day in New York like 22:00-07:00"
    )
    noise_cards: Literal["loud", "silent"] = Field("loud", description="loud or silent")
    noise_reports: Literal["loud", "silent"] = Field(
        "loud", description="loud or silent"
    )
    noise_refusals: Literal["loud", "silent"] = Field(
        "loud", description="loud or silent"
    )
    noise_fills: Literal["loud", "silent", "off"] = Field(
        "loud", description="loud, silent or off"
    )
    noise_line: Literal["loud", "silent", "off"] = Field(
        "loud", description="loud, silent or off"
    )
    noise_notices: Literal["loud", "silent", "off"] = Field(
        "loud", description="loud, silent or off"
    )

    def volumes(self) -> dict[str, str]:
        """How loud each kind is, by its name."""
        return {
            "cards": self.noise_cards,
            "reports": self.noise_reports,
            "refusals": self.noise_refusals,
            "fills": self.noise_fills,
            "line": self.noise_line,
            "notices": self.noise_notices,
        }
