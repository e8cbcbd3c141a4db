"""Words for the names of invented companies, and the real large companies."""

from typing import Final, NamedTuple


class LargeCap(NamedTuple):
    """A real company with its real conId; the figures are rough and never kept current.

    Shares in millions, volume in shares a day.
    """

    con_id: int
    symbol: str
    name: str
    exchange: str
    stock_type: str
    industry: str
    category: str
    price: float
    shares_millions: int
    average_volume: float


# One line a company, whatever the formatter would like.
# fmt: off
LARGE_CAPS: Final = (
    LargeCap(265598, "AAPL", "APPLE INC", "NASDAQ", "COMMON", "Technology", "Computers", 271.0, 14800, 48e6),
    LargeCap(272093, "MSFT", "MICROSOFT CORP", "NASDAQ", "COMMON", "Technology", "Software", 472.0, 7430, 22e6),
    LargeCap(756733, "SPY", "SPDR S&P 500 ETF TRUST", "ARCA", "ETF", "Funds", "Equity Fund", 659.0, 1050, 75e6),
    LargeCap(4815747, "NVDA", "NVIDIA CORP", "NASDAQ", "COMMON", "Technology", "Semiconductors", 179.0, 24300, 180e6),
    LargeCap(76792991, "TSLA", "TESLA INC", "NASDAQ", "COMMON", "Consumer, Cyclical", "Auto Manufacturers", 391.0, 3330, 85e6),
    LargeCap(3691937, "AMZN", "AMAZON.COM INC", "NASDAQ", "COMMON", "Communications", "Internet", 221.0, 10690, 42e6),
    LargeCap(208813719, "GOOGL", "ALPHABET INC-CL A", "NASDAQ", "COMMON", "Communications", "Internet", 299.0, 5820, 36e6),
    LargeCap(107113386, "META", "META PLATFORMS INC-CLASS A", "NASDAQ", "COMMON", "Communications", "Internet", 594.0, 2160, 17e6),
    LargeCap(8314, "IBM", "INTL BUSINESS MACHINES CORP", "NYSE", "COMMON", "Technology", "Computers", 297.0, 935, 4.5e6),
    LargeCap(320227571, "QQQ", "INVESCO QQQ TRUST SERIES 1", "NASDAQ", "ETF", "Funds", "Equity Fund", 590.0, 640, 55e6),
    LargeCap(270639, "INTC", "INTEL CORP", "NASDAQ", "COMMON", "Technology", "Semiconductors", 34.5, 4770, 80e6),
    LargeCap(4391, "AMD", "ADVANCED MICRO DEVICES", "NASDAQ", "COMMON", "Technology", "Semiconductors", 204.0, 1630, 50e6),
    LargeCap(9599491, "F", "FORD MOTOR CO", "NYSE", "COMMON", "Consumer, Cyclical", "Auto Manufacturers", 12.9, 3910, 70e6),
    LargeCap(8894, "KO", "COCA-COLA CO/THE", "NYSE", "COMMON", "Consumer, Non-cyclical", "Beverages", 72.8, 4300, 17e6),
    LargeCap(1520593, "JPM", "JPMORGAN CHASE & CO", "NYSE", "COMMON", "Financial", "Banks", 298.0, 2720, 9.5e6),
)
# fmt: on

_FIRST_WORDS = """
    Amber Anvil Apricot Badger Barley Basalt Beacon Birch Bramble Brass Bumble
    Candle Caramel Cedar Chalk Cinder Cobalt Copper Crimson Dapple Drizzle Dune
    Ember Fable Fathom Feather Fennel Fiddle Flint Gable Ginger Glimmer Granite
    Gravel Hazel Heron Hickory Indigo Ivory Jasper Juniper Kettle Kindle Lantern
    Lavender Linen Lumen Mallow Maple Marble Meadow Mitten Mosaic Mulberry Nectar
    Nimbus Nutmeg Oaken Ochre Otter Paprika Parsley Pebble Pepper Pewter Pickle
    Plume Quartz Quill Quince Raven Ripple Rosewood Russet Saffron Satchel Sienna
    Sorrel Sparrow Tallow Tangle Teapot Thistle Timber Topaz Tulip Umber Umbrella
    Velvet Violet Walnut Willow Wobble Yarrow Yonder Zephyr Zigzag
"""
FIRST_WORDS: Final = tuple(_FIRST_WORDS.split())

_SECOND_WORDS = """
    Acorn Arrow Attic Bagpipe Balloon Barge Bell Biscuit Bobbin Bonnet Brook Button
    Canoe Carousel Castle Clover Compass Cricket Dragon Drum Dumpling Eagle Easel
    Falcon Ferry Forge Fox Garden Goblet Goose Grove Harbor Hatbox Hedgehog Igloo
    Inkwell Jacket Jigsaw Kayak Kite Ladder Lagoon Lemon Lobster Marmot Mill Moth
    Muffin Nest Noodle Oar Orchard Owl Paddle Pancake Parade Parrot Penguin Piano
    Pumpkin Puzzle Quilt Raccoon Rocket Saddle Scarf Sled Snail Spindle Squid
    Tadpole Tortoise Trumpet Tugboat Turnip Unicorn Vase Violin Wagon Walrus Whistle
    Windmill Wizard Yodel Zebra
"""
SECOND_WORDS: Final = tuple(_SECOND_WORDS.split())

INDUSTRIES: Final = (
    ("Consumer, Non-cyclical", "Biotherapeutics"),
    ("Consumer, Non-cyclical", "Pharma"),
    ("Consumer, Non-cyclical", "Medical Devices"),
    ("Consumer, Non-cyclical", "Foods"),
    ("Technology", "Software"),
    ("Technology", "Semiconductors"),
    ("Technology", "Robotics"),
    ("Technology", "Quantum"),
    ("Communications", "Networks"),
    ("Communications", "Media"),
    ("Industrial", "Aerospace"),
    ("Industrial", "Drones"),
    ("Industrial", "Shipping"),
    ("Energy", "Energy"),
    ("Energy", "Hydrogen"),
    ("Energy", "Uranium"),
    ("Basic Materials", "Mining"),
    ("Basic Materials", "Lithium"),
    ("Consumer, Cyclical", "Motors"),
    ("Consumer, Cyclical", "Retail"),
    ("Financial", "Holdings"),
    ("Financial", "Capital"),
)

# Famous tickers that the invented ones must not be taken for.
_TAKEN = """
    AMC GME BBBY PLTR SOFI NIO FUBO SNDL MULN FFIE TQQQ SQQQ UVXY SOXX ARKK SPXX
    VIXY BITX CONL SMCI TWLO SNOW SHOP ROKU COIN HOOD RIVN LCID PINS SNAP UBER LYFT
    DKNG ZM DOCU PTON CRSP CVX FDX SPX IVV VOO BMW WMT BLK BRK NFLX PFIZ COP MRK GLW
    SLV GLD NKE LMW TMX BAX ALK BK MTZ FCX NSX DVX TSX ADX PSX VRTX EXPE
"""
TAKEN: Final = tuple(_TAKEN.split())
