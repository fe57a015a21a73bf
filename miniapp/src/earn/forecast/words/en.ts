import type { Plural } from '../../../words/words.ts'

/** What the forecast says. */
export const en = {
  forecast: 'What it would earn',
  why: 'From signed receipts of the last 24 hours. It says what was, not what will be.',
  'nobody-earned':
    'Nobody earned here in the last 24 hours. As soon as somebody does, the figures stand here.',
  model: 'Model',
  'by-model': 'Per computer, with this model',
  'not-earned': 'Nobody earned with it in the last 24 hours.',
  'too-short': 'It ran for less than an hour, which says nothing yet.',
  runners: { one: 'from {count} computer', other: 'from {count} computers' } as Plural,
  'a-day': 'On for {hours} a day, a computer earned about',
  electricity: 'Electricity',
  watts: 'Power, in watts',
  hours: 'Hours a day',
  price: 'Price of 1 kWh',
  currency: 'Your currency',
  'currency-eg': 'such as EUR',
  uses: 'Uses a day',
  costs: 'Costs a day',
  pays: 'Pays when 1 TON is worth more than',
  'never-pays': 'It earned nothing, so it does not pay at any price.',
  'fill-in': 'Fill in what you pay for electricity to see from which price of TON on it pays.',
  'wrong-watts': 'Whole watts, up to 100,000.',
  'wrong-hours': 'From 0 to 24.',
  'wrong-price': 'A price such as 0.35.',
  'stays-here': 'These figures stay on this device.',
  'where-watts': 'A laptop takes about 60 watts, a computer with a strong graphics card 300 to 500.',
} as const
