/** What customers say: reviews by how many stars they gave, and the subjects of their tickets. */

export interface Opinion {
  /** English, put together from parts. */
  readonly titles: readonly string[]
  readonly openings: readonly string[]
  readonly reasons: readonly string[]
  /** Whole reviews in other languages: title, body. */
  readonly foreign: readonly (readonly [title: string, body: string])[]
}

/** From one star to five. */
export const opinions: readonly Opinion[] = [
  {
    titles: ['Broken on arrival', 'Never again', 'Where is it?', 'Avoid'],
    openings: [
      'The parcel arrived crushed and the content was in pieces.',
      'Delivery took five weeks and it was the wrong item.',
      'It broke the first time I used it.',
    ],
    reasons: [
      'Nobody answers my messages.',
      'I want my money back.',
      'The tracking number never worked.',
      'I sent it back the same day.',
    ],
    foreign: [
      ['Kaputt', 'Nach zwei Tagen kaputt, Rückgabe verweigert.'],
      ['À éviter', 'Jamais reçu, remboursement toujours en attente.'],
      ['Pessimo', 'Arrivato rotto, nessuna risposta dal servizio clienti.'],
    ],
  },
  {
    titles: ['Disappointed', 'Not again', 'Expected better', 'Poor finish'],
    openings: [
      'It broke after a month.',
      'The size chart is wrong.',
      'Looks nothing like the picture.',
    ],
    reasons: [
      'Support answered, but slowly.',
      'I expected more of this brand.',
      'The handle came loose.',
      'Not worth sending back.',
    ],
    foreign: [
      ['Enttäuschend', 'Kam mit einem Kratzer an, der Ersatz dauerte drei Wochen.'],
      ['Deludente', 'Il colore non corrisponde alla foto.'],
      ['Rozczarowanie', 'Po praniu straciło kolor.'],
    ],
  },
  {
    titles: ["It's fine", 'Average', 'Does the job', 'So-so'],
    openings: [
      'Does what it should, no more.',
      'Works, but it feels lighter than expected.',
      'OK.',
    ],
    reasons: [
      'The lid does not close tightly.',
      'There was a small scratch.',
      'The parcel was damp when it came.',
      'The smell went away after a few days.',
    ],
    foreign: [
      ['Geht so', 'Für den Preis hätte ich mehr erwartet.'],
      ['Correct', 'Correct, sans plus. Livraison un peu longue.'],
      ['Нормально', 'Якість середня, але доставка швидка.'],
    ],
  },
  {
    titles: ['Very good', 'Nearly there', 'Good value', 'Happy with it'],
    openings: ['Good quality for the price.', 'Nice to hold and easy to clean.', 'Well made.'],
    reasons: [
      'One star off because the manual is missing.',
      'The colour is darker than in the picture.',
      'It took a week to arrive.',
      'I would like it in a larger size.',
    ],
    foreign: [
      ['Fast perfekt', 'Schöner als auf den Fotos, nur etwas kleiner als gedacht.'],
      ['Muy bien', 'Buen producto, aunque el embalaje podría mejorar.'],
      ['Dobra jakość', 'Solidne wykonanie, szybka dostawa.'],
      ['Πολύ καλό', 'Ωραίο και πρακτικό.'],
    ],
  },
  {
    titles: ['Love it', 'Exactly as hoped', 'A keeper', 'Could not be better', 'A present'],
    openings: [
      'I use it every day and would buy it again.',
      'Arrived two days early and well wrapped.',
      'Far better than the one it replaces.',
      'Even nicer than in the pictures.',
    ],
    reasons: [
      'The finish is flawless.',
      'My mother wants one too.',
      'Feels as if it will outlive me.',
      'Thank you!',
    ],
    foreign: [
      ['Perfekt!', 'Wunderschön verarbeitet, jeden Cent wert.'],
      ['Parfait', 'Très belle qualité, livraison rapide.'],
      ['最高です', 'とても気に入りました。毎日使っています。'],
      ['Bellissimo', 'Da regalare senza pensarci due volte.'],
      ['좋아요', '품질이 정말 좋습니다.'],
    ],
  },
]

export const ticketSubjects: readonly string[] = [
  'Where is my order?',
  'Wrong item received',
  'Damaged in transit',
  'Wo bleibt meine Bestellung?',
  'Invoice with VAT number, please',
  'Change of delivery address',
  'Coupon is not accepted',
  'Remboursement non reçu',
  'Cannot log in',
  'How do I return this?',
  '配送について',
  'Delete my account and my data',
]

export const refundReasons: readonly string[] = [
  'damaged',
  'wrong item',
  'late',
  'changed mind',
  'not as described',
  'goodwill',
]
