"""The default limit of each currency: the round figure near 2,000 US dollars, so that a dinner stays a dinner.

A dinner's worth, not an exchange rate: exact to within about a third at the rates of 2026, and meant to be read aloud.
A house that wants another figure writes a policy.
"""

from empower.money import decimals

# Major units of the currency.
_ROUND_FIGURES = {
    50: "CLF UYW",
    750: "BHD KWD OMR",
    1_500: "FKP GBP GIP JOD KYD SHP",
    2_000: "BMD BSD CHE CHF CHW CUC EUR PAB USD USN",
    2_500: "BND CAD SGD",
    3_000: "ANG AUD AWG AZN BAM BGN NZD XCG",
    5_000: "BBD BOV BZD FJD GEL MXV TND TOP WST XCD",
    7_500: "AED BYN ILS MYR PEN PGK PLN QAR SAR TMT",
    10_000: "BRL LYD RON",
    15_000: "BOB CNY DKK GTQ HKD HRK MOP SBD TTD UYI",
    20_000: "COU GHS MAD NOK SEK SVC TJS",
    25_000: "BWP",
    30_000: "ERN LSL MDL MVR MXN NAD SCR SZL ZAR",
    50_000: "CUP CZK HNL SLE STN ZMW ZWG",
    75_000: "MRU NIO SRD THB TRY TWD UAH UYU",
    100_000: "EGP MKD MUR PHP",
    150_000: "AFN ALL DOP GMD MZN RUB",
    200_000: "BTN CVE INR KGS RSD XPF",
    250_000: "BDT DZD HTG ISK KES VUV",
    300_000: "DJF ETB JMD JPY LRD NPR",
    500_000: "GYD LKR PKR VED VES YER",
    750_000: "AMD HUF KMF",
    1_000_000: "CRC KZT SDG SOS XAF XOF",
    2_000_000: "AOA CLP KPW",
    2_500_000: "IQD KRW",
    3_000_000: "ARS MWK NGN RWF",
    5_000_000: "BIF CDF MMK TZS",
    7_500_000: "COP KHR MNT UGX",
    10_000_000: "MGA SSP ZWL",
    15_000_000: "PYG",
    20_000_000: "GNF SYP",
    25_000_000: "UZS",
    30_000_000: "IDR",
    50_000_000: "LAK SLL VND",
    75_000_000: "IRR",
    200_000_000: "LBP",
}
_OF_CURRENCY = {code: figure for figure, codes in _ROUND_FIGURES.items() for code in codes.split()}


def default_limit(currency):
    """Minor units of ``currency``: 200000 for USD, 300000 for JPY, 750000 for BHD. ValidationError for an unknown one."""
    scale = 10 ** decimals(currency)
    return _OF_CURRENCY[currency] * scale
