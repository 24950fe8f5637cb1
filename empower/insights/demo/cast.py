"""Sixty people, where they work and how they take to being trusted. The names are made up."""

from dataclasses import dataclass

#: Who can sign in, and as what: the rest of the house can't.
ACCOUNTS = ("maria", "omar", "grace", "chen", "ada", "paul", "gina", "admin")
PASSWORD = "demo"  # noqa: S105 - published; it opens nothing unless DEBUG is on


@dataclass(frozen=True)
class Temper:
    """How somebody uses what they may. ``acts``: how often they give of their own accord where they could;
    ``asks``: how often they ask though they need not; ``gives``: how much, beside the usual; ``waits``: how many
    minutes they let pass first."""

    acts: float
    asks: float
    gives: float
    waits: tuple


STEADY = Temper(0.84, 0.02, 1.0, (1, 14))
QUICK = Temper(0.93, 0.005, 1.1, (1, 6))
CAREFUL = Temper(0.7, 0.08, 0.8, (4, 30))
FEARFUL = Temper(0.06, 0.16, 0.4, (25, 110))
GENEROUS = Temper(0.97, 0.0, 1.9, (1, 8))


@dataclass(frozen=True)
class Person:
    username: str
    name: str
    role: str
    house: str = ""
    department: str = ""
    temper: Temper = STEADY
    #: Days from joining to today. Who joined before the history begins was there from the start.
    since: int = 2000


def _team(house, department, *people):
    """Frontline colleagues: (username, name, temper, days since they joined)."""
    return [Person(*one[:2], "frontline", house, department, *one[2:]) for one in people]


PEOPLE = (
    [
        Person("chen", "Chen Yiran", "leader", since=2900),
        Person("ada", "Ada Nwachukwu", "auditor", since=1800),
        # Los Angeles
        Person("grace", "Grace Whitfield", "general_manager", "LAX", temper=QUICK, since=3100),
        Person("omar", "Omar Belkacem", "manager", "LAX", "front_desk", temper=QUICK, since=2300),
        Person("ingrid", "Ingrid Solberg", "manager", "LAX", "dining", since=1500),
    ]
    + _team(
        "LAX",
        "front_desk",
        ("maria", "Maria Esquivel", QUICK, 1300),
        ("leila", "Leila Haidari", STEADY, 900),
        ("devon", "Devon Okonjo", STEADY, 640),
        ("hana", "Hana Novák", CAREFUL, 330),
        ("theo", "Theo Lindgren", CAREFUL, 120),
    )
    + _team(
        "LAX",
        "housekeeping",
        ("aiko", "Aiko Morimoto", QUICK, 1700),
        ("rosa", "Rosa Quintana", STEADY, 2400),
        ("samuel", "Samuel Tesfaye", STEADY, 700),
    )
    + _team(
        "LAX",
        "dining",
        ("tomas", "Tomas Havel", QUICK, 1100),
        ("bianca", "Bianca Ferretti", STEADY, 820),
        ("jun", "Jun Castillo", STEADY, 210),
    )
    + _team("LAX", "concierge", ("elodie", "Elodie Marchand", QUICK, 2000), ("kofi", "Kofi Amankwah", STEADY, 950))
    + _team("LAX", "engineering", ("wes", "Wes Tallman", CAREFUL, 1600), ("priyanka", "Priyanka Rao", STEADY, 480))
    # New York
    + [
        Person("gina", "Gina Castellano", "general_manager", "NYC", since=2700),
        Person("martin", "Martin Ostrowski", "manager", "NYC", "front_desk", temper=CAREFUL, since=1900),
        Person("yvonne", "Yvonne Baptiste", "manager", "NYC", "dining", since=1200),
    ]
    + _team(
        "NYC",
        "front_desk",
        ("paul", "Paul Drexler", STEADY, 1000),
        ("nadia", "Nadia Rahimi", QUICK, 760),
        ("hector", "Hector Maldonado", STEADY, 290),
    )
    + _team(
        "NYC",
        "housekeeping",
        ("agnieszka", "Agnieszka Zielinska", FEARFUL, 2100),
        ("fatou", "Fatou Diallo", FEARFUL, 1400),
        ("luz", "Luz Andrade", FEARFUL, 860),
        ("ming", "Ming Hsu", FEARFUL, 610),
        ("carol", "Carol Benning", FEARFUL, 180),
    )
    + _team("NYC", "dining", ("andre", "Andre Toussaint", STEADY, 1350), ("sofia", "Sofia Petrakis", QUICK, 520))
    + _team("NYC", "concierge", ("julian", "Julian Adler", QUICK, 1750))
    + _team("NYC", "engineering", ("darnell", "Darnell Hobbs", CAREFUL, 2250))
    # Paris
    + [
        Person("beatrice", "Béatrice Lagarde", "general_manager", "PAR", since=3300),
        Person("olivier", "Olivier Santerre", "manager", "PAR", "dining", temper=GENEROUS, since=2050),
        Person("samira", "Samira Benali", "manager", "PAR", "front_desk", since=1150),
    ]
    + _team(
        "PAR",
        "dining",
        ("lucien", "Lucien Carpentier", GENEROUS, 1850),
        ("margaux", "Margaux Deville", GENEROUS, 930),
        ("idris", "Idris Konaté", GENEROUS, 680),
        ("apolline", "Apolline Vernier", GENEROUS, 440),
        ("matteo", "Matteo Gallo", GENEROUS, 250),
    )
    + _team("PAR", "front_desk", ("clement", "Clément Rousset", STEADY, 1450), ("noor", "Noor Abdelkader", QUICK, 570))
    + _team("PAR", "housekeeping", ("ines", "Inês Carvalho", STEADY, 1250), ("thuy", "Thuy Dang", CAREFUL, 360))
    + _team("PAR", "concierge", ("armand", "Armand Gaillard", QUICK, 2600))
    + _team("PAR", "spa", ("oceane", "Océane Perrot", STEADY, 780))
    # Kyoto
    + [
        Person("kenji", "Kenji Takamatsu", "general_manager", "KYO", since=2850),
        Person("midori", "Midori Aoyama", "manager", "KYO", "front_desk", temper=QUICK, since=1650),
    ]
    + _team(
        "KYO",
        "front_desk",
        ("ren", "Ren Hirose", STEADY, 880),
        ("yuna", "Yuna Kitagawa", QUICK, 590),
        ("oliver", "Oliver Brandt", CAREFUL, 270),
    )
    + _team("KYO", "housekeeping", ("fumiko", "Fumiko Ishida", STEADY, 2450), ("minh", "Minh Trần", STEADY, 500))
    + _team("KYO", "dining", ("sora", "Sora Nishimura", STEADY, 1050), ("haruka", "Haruka Endo", QUICK, 400))
    + _team("KYO", "concierge", ("takumi", "Takumi Sugawara", QUICK, 1950))
    + _team("KYO", "engineering", ("hideo", "Hideo Maruyama", CAREFUL, 2750))
)
