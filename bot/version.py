"""Which Openbell this is."""

from importlib.metadata import PackageNotFoundError, version


def openbell_version() -> str:
    try:
        return version("openbell")
    except PackageNotFoundError:  # run from a checkout that nobody installed
        return "from a checkout"
