/** Names and places of the people who buy in the shop. A name not in Latin script is `latin/own script`. */

interface Names {
  readonly given: readonly string[]
  readonly family: readonly string[]
}

const names = (given: string, family: string): Names => ({
  given: given.split(' '),
  family: family.split(' '),
})

const languages = {
  german: names(
    'Anna Jürgen Lena Björn Käthe Moritz Sophie Jonas Hannah Maximilian Ursula Felix Greta Götz',
    'Müller Schmidt Weiß Schäfer Krüger Groß Bauer Vogel Hofmann Köhler Brandt Zöllner Lang',
  ),
  french: names(
    'Chloé Louis Zoé François Camille Hugo Élodie Mathieu Inès Benoît Manon Thérèse Léo Aïcha',
    'Dubois Lefèvre Moreau Garnier Benali Rousseau Bélanger Chevalier Petit Noël Fabre Mercier',
  ),
  dutch: names(
    'Sanne Daan Femke Bram Lotte Jeroen Maud Thijs Noor Joost Fleur Ruben',
    'Jansen Vries Bakker Visser Smit Meijer Mulder Dekker Peeters Willems Maes',
  ),
  english: names(
    "Olivia Jack Amelia Harry Siobhán Liam Grace Niall Priya Mohammed Emily Owen Zoë D'Angelo",
    "Smith O'Brien Taylor Khan Wilson Evans Nguyen O'Connor Hughes Patel Walker Murphy Lee",
  ),
  spanish: names(
    'Lucía Hugo María Mateo Sofía Íñigo Carmen Álvaro Valentina Joaquín Núria Andrés',
    'García Fernández López Martínez Núñez Pérez Ibáñez Romero Muñoz Vázquez Ortega',
  ),
  portuguese: names(
    'João Beatriz Tomás Inês Gonçalo Luísa Rafael Conceição Caio Mariana Antônio Letícia',
    'Silva Santos Gonçalves Araújo Pereira Magalhães Conceição Almeida Ribeiro Assunção',
  ),
  italian: names(
    'Giulia Leonardo Sofia Niccolò Aurora Matteo Chiara Lorenzo Beatrice Giosuè Elena Dario',
    "Rossi Russo Ferrari Esposito D'Amico Ricci Marino Greco Conti De-Luca Colombo",
  ),
  polish: names(
    'Zofia Jakub Małgorzata Paweł Łucja Szymon Agnieszka Wojciech Świętosława Kacper',
    'Nowak Kowalska Wiśniewski Wójcik Dąbrowska Kamiński Zając Łukasiewicz Gołąb',
  ),
  czech: names(
    'Tereza Jiří Eliška Ondřej Šárka Tomáš Věra Lukáš Běla Matěj',
    'Novák Svobodová Dvořák Černý Procházka Kučerová Němec Růžička Šťastný',
  ),
  nordic: names(
    'Astrid Søren Freja Øyvind Linnéa Åke Saga Jørgen Ida Väinö Aino Mikkel',
    'Andersson Nielsen Jørgensen Lindström Øberg Sjögren Korhonen Virtanen Mäkinen Dahl',
  ),
  greek: names(
    'Eleni/Ελένη Giorgos/Γιώργος Maria/Μαρία Nikos/Νίκος Sofia/Σοφία Dimitris/Δημήτρης',
    'Papadopoulos/Παπαδόπουλος Georgiou/Γεωργίου Nikolaou/Νικολάου Vasileiou/Βασιλείου',
  ),
  ukrainian: names(
    'Olena/Олена Andrii/Андрій Oksana/Оксана Taras/Тарас Iryna/Ірина Bohdan/Богдан',
    'Shevchenko/Шевченко Kovalenko/Коваленко Bondar/Бондар Melnyk/Мельник Tkachuk/Ткачук',
  ),
  turkish: names(
    'Ayşe Mehmet Elif Çağlar Zeynep Oğuz Şule İbrahim Gül Emre',
    'Yılmaz Kaya Demir Çelik Şahin Yıldız Öztürk Aydın Güneş',
  ),
  japanese: names(
    'Yuki/雪 Haruto/陽翔 Sakura/さくら Ren/蓮 Yui/結衣 Sota/颯太 Hina/陽菜 Daiki/大輝',
    'Sato/佐藤 Suzuki/鈴木 Takahashi/高橋 Tanaka/田中 Watanabe/渡辺 Ito/伊藤 Yamamoto/山本',
  ),
  korean: names(
    'Minjun/민준 Seoyeon/서연 Jiho/지호 Hayun/하윤 Dohyun/도현 Sua/수아',
    'Kim/김 Lee/이 Park/박 Choi/최 Jung/정 Kang/강',
  ),
  hindi: names(
    'Aarav/आरव Ananya/अनन्या Vihaan/विहान Diya/दिया Kabir/कबीर Meera/मीरा',
    'Sharma/शर्मा Verma/वर्मा Gupta/गुप्ता Iyer/अय्यर Singh/सिंह Reddy/रेड्डी',
  ),
} as const

export interface Place {
  readonly code: string
  readonly name: string
  readonly region: string
  readonly vatPercent: number
  readonly callingCode: string
  /** How much of the business comes from here. */
  readonly weight: number
  readonly names: Names
  readonly cities: readonly string[]
}

/** code, name, region, VAT, calling code, weight, language, cities */
type PlaceLine = readonly [
  code: string,
  name: string,
  region: string,
  vatPercent: number,
  callingCode: string,
  weight: number,
  language: keyof typeof languages,
  cities: string,
]

const lines: readonly PlaceLine[] = [
  ['DE', 'Germany', 'Europe', 19, '49', 30, 'german', 'Berlin Köln München Lübeck Halle'],
  ['AT', 'Austria', 'Europe', 20, '43', 8, 'german', 'Wien Graz Linz Sankt_Pölten'],
  ['CH', 'Switzerland', 'Europe', 8.1, '41', 7, 'german', 'Zürich Basel Bern Genève'],
  ['FR', 'France', 'Europe', 20, '33', 14, 'french', 'Paris Lyon Nîmes Orléans Saint-Étienne'],
  ['BE', 'Belgium', 'Europe', 21, '32', 4, 'french', 'Bruxelles Liège Namur Gent'],
  ['NL', 'Netherlands', 'Europe', 21, '31', 8, 'dutch', "Amsterdam Utrecht 's-Hertogenbosch Delft"],
  ['GB', 'United Kingdom', 'Europe', 20, '44', 11, 'english', 'London Leeds Bristol Glasgow'],
  ['IE', 'Ireland', 'Europe', 23, '353', 3, 'english', 'Dublin Cork Galway Dún_Laoghaire'],
  ['ES', 'Spain', 'Europe', 21, '34', 7, 'spanish', 'Madrid Málaga Cádiz A_Coruña'],
  ['PT', 'Portugal', 'Europe', 23, '351', 3, 'portuguese', 'Lisboa Porto Évora Setúbal'],
  ['IT', 'Italy', 'Europe', 22, '39', 7, 'italian', "Milano Torino Forlì L'Aquila"],
  ['PL', 'Poland', 'Europe', 23, '48', 6, 'polish', 'Warszawa Kraków Łódź Gdańsk'],
  ['CZ', 'Czechia', 'Europe', 21, '420', 3, 'czech', 'Praha Brno Plzeň České_Budějovice'],
  ['SE', 'Sweden', 'Europe', 25, '46', 4, 'nordic', 'Stockholm Göteborg Malmö Umeå'],
  ['DK', 'Denmark', 'Europe', 25, '45', 3, 'nordic', 'København Aarhus Helsingør'],
  ['FI', 'Finland', 'Europe', 25.5, '358', 2, 'nordic', 'Helsinki Tampere Jyväskylä'],
  ['GR', 'Greece', 'Europe', 24, '30', 2, 'greek', 'Αθήνα Θεσσαλονίκη Πάτρα'],
  ['UA', 'Ukraine', 'Europe', 20, '380', 2, 'ukrainian', 'Київ Львів Одеса Харків'],
  ['TR', 'Türkiye', 'Asia', 20, '90', 2, 'turkish', 'İstanbul Ankara İzmir Muğla'],
  ['JP', 'Japan', 'Asia', 10, '81', 4, 'japanese', '東京 大阪 京都 札幌'],
  ['KR', 'South Korea', 'Asia', 10, '82', 2, 'korean', '서울 부산 인천'],
  ['IN', 'India', 'Asia', 18, '91', 2, 'hindi', 'Mumbai Pune दिल्ली Chennai'],
  ['BR', 'Brazil', 'Americas', 17, '55', 3, 'portuguese', 'São_Paulo Recife Brasília'],
  ['US', 'United States', 'Americas', 0, '1', 9, 'english', 'Portland Austin St._Louis'],
]

export const places: readonly Place[] = lines.map(
  ([code, name, region, vatPercent, callingCode, weight, language, cities]) => ({
    code,
    name,
    region,
    vatPercent,
    callingCode,
    weight,
    names: languages[language],
    cities: cities.split(' ').map((city) => city.replaceAll('_', ' ')),
  }),
)
