"""What all groups of settings have in common."""

from pydantic import BaseModel, ConfigDict


class SettingsGroup(BaseModel):
    """Settings that belong together. The bot checks no group alone, only Settings, in
    which all are; so pydantic builds no validator for a group, and that of Settings
    when it is first used."""

    model_config = ConfigDict(defer_build=True)
