"""Names of guests, from where guests come from. All made up: any likeness is chance."""

_NAMES = {
    "English": (
        "Alice Harold Judith Simon Claire Graham Naomi Edward Fiona Leonard Rosalind Miles",
        "Ashdown Bellamy Carrow Fenwick Hartley Lockwood Merriweather Penhale Stanhope Thornbury Whitcombe Yardley",
    ),
    "French": (
        "Amélie Bastien Camille Étienne Delphine Gauthier Inès Laurent Manon Rémi Solène Théo",
        "Aubertin Beaufils Chastain Delorme Fauvel Girardot Lemonnier Marchetti Pasquier Rochefort Thibault Vasseur",
    ),
    "Spanish": (
        "Alma Bruno Catalina Darío Elisa Fermín Graciela Joaquín Lucía Marcelo Pilar Ramiro",
        "Arriaga Barrientos Cifuentes Echeverría Figueroa Landa Montoya Olmedo Quiroga Reyes Saavedra Villalobos",
    ),
    "Japanese": (
        "Akari Daichi Emi Haruto Kaori Kenta Mayu Naoki Rin Shun Tomoko Yuto",
        "Fujimori Hasegawa Iwasaki Kitano Matsuda Nakahara Okabe Sakamoto Shimizu Tanaka Ueno Yamashiro",
    ),
    "Chinese": (
        "Bowen Chunhua Fang Guoliang Huilin Jiayi Lei Meiling Peng Shufen Wei Xiaoyu",
        "Cao Deng Fan Gu Jiang Lu Peng Shen Tang Wu Xue Zhao",
    ),
    "Korean": (
        "Boyoung Dohyun Eunji Hajun Jisoo Kyungmin Minseo Sangwoo Seoyeon Taeyang Yejin Yoonho",
        "Bae Cha Han Jang Kang Moon Noh Oh Seo Shin Yang Yoo",
    ),
    "Indian": (
        "Aarav Deepa Farhan Gayatri Ishaan Kavya Meera Nikhil Priya Rohan Sunita Vikram",
        "Banerjee Chawla Deshmukh Iyer Joshi Kapadia Menon Nair Pillai Raghavan Saxena Trivedi",
    ),
    "Arabic": (
        "Amal Bilal Dalia Faris Hanan Jamil Layla Nabil Rania Sami Yasmin Ziad",
        "Al-Amin Barakat Darwish Farouk Haddad Khoury Mansour Nasser Qasim Rahal Saleh Tannous",
    ),
    "West African": (
        "Abena Chidi Efua Femi Ifeoma Kwame Ngozi Obinna Sade Tunde Yaw Zainab",
        "Adeyemi Boateng Chukwu Danso Eze Mensah Nwosu Okafor Okoro Osei Sarpong Yeboah",
    ),
    "German": (
        "Anneliese Bernd Carsten Dorothea Friedrich Gisela Henning Jutta Katrin Lothar Sabine Volker",
        "Aldinger Brandstetter Diekmann Ehrenberg Felsner Grothe Hollweg Kranich Lindner Reinhardt Steinmetz Wolff",
    ),
    "Nordic": (
        "Astrid Bjarne Elin Frode Hilde Ingmar Kirsten Leif Maja Sven Tuva Viggo",
        "Aaltonen Bergström Dahl Eklund Halvorsen Isaksen Lindqvist Nyberg Rask Sandvik Thorsen Ytterberg",
    ),
    "Portuguese": (
        "Afonso Beatriz Caio Débora Estela Fabrício Heloísa Ivo Jussara Leandro Mariana Otávio",
        "Almada Barroso Coutinho Drummond Esteves Falcão Guimarães Lacerda Monteiro Pacheco Rezende Valadares",
    ),
}
_CULTURES = {name: (given.split(), family.split()) for name, (given, family) in _NAMES.items()}

#: Where a house's guests come from: the weights of the cultures above, in their order.
_GUESTS_OF = {
    "LAX": (30, 4, 18, 8, 10, 8, 9, 8, 7, 5, 5, 6),
    "NYC": (32, 8, 10, 6, 8, 5, 9, 8, 8, 8, 5, 6),
    "PAR": (22, 20, 8, 9, 8, 5, 6, 9, 5, 10, 7, 6),
    "KYO": (18, 8, 5, 34, 12, 9, 5, 3, 2, 7, 5, 3),
}


def guest_name(rng, code):
    """A guest of the house with this code: a given and a family name of one culture."""
    given, family = _CULTURES[rng.choices(list(_CULTURES), weights=_GUESTS_OF[code])[0]]
    return f"{rng.choice(given)} {rng.choice(family)}"


def family_of(rng, name):
    """Somebody who travels with ``name``: another given name, the same family's."""
    family = name.split(" ", 1)[1]
    given = next((names for names, families in _CULTURES.values() if family in families), _CULTURES["English"][0])
    return f"{rng.choice([one for one in given if not name.startswith(one + ' ')])} {family}"
