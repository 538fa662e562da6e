"""Names of countries, regions and cities for the codes that events store. English; the dashboard may translate.

Facts about the world only, no visitors. Read from passerby/data on first use; countries and regions stay in memory
(1 MB), cities stay as packed arrays (6 MB) once a name was asked for, and `cities()` streams without keeping any.
"""

from passerby.places.cities import City, cities, city_name
from passerby.places.countries import Country, alpha3, countries, country_name, flag
from passerby.places.regions import Region, region_name, regions
from passerby.places.search import search_cities, search_countries, search_regions

__all__ = [
    "City",
    "Country",
    "Region",
    "alpha3",
    "cities",
    "city_name",
    "countries",
    "country_name",
    "flag",
    "region_name",
    "regions",
    "search_cities",
    "search_countries",
    "search_regions",
]
