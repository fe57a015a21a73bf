/** What runs the model, in a word: GPUs by their name, a processor by what it is in the person's language. */
export function deviceWords(device: string | null, processor: string): string | undefined {
  if (device === null || device === '') return undefined
  return device.toLowerCase() === 'cpu' ? processor : device
}
