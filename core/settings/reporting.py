"""The morning report."""

from pydantic import Field

from core.settings.group import SettingsGroup


class ReportSettings(SettingsGroup):
    """The morning report. Times of day are New York's, amounts dollars."""

    report: bool = Field(True, description="true or false")
    report_minutes_after_open: float = Field(
        5, ge=0, le=180, description="minutes from 0 to 180"
    )
    report_give_up_minutes: float = Field(
        60, ge=1, le=180, description="minutes from 1 to 180"
    )
