/** What is said of seals wherever they are shown. The other languages have the same names and the same `{places}`. */
export const en = {
  simulated: 'SIMULATED: for trying out; proves nothing.',
  why: 'Why can nobody read this?',
  'why-own': 'Why can only it read this?',
  'why-refused': 'What did not pass?',
  details: 'Details',
  'look-checking': 'This device is checking the machines.',
  'look-confidential': 'Sealed on this device for machines that it checked.',
  'look-own': 'Sealed on this device for your machine.',
  'look-refused': 'No machine passes this device’s check right now. Nothing would be sent.',
  'look-no-own': 'None of the machines that you confirmed serves this model right now.',
} as const
