export type Keep = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>

const FORGETFUL: Keep = { getItem: () => null, setItem: () => undefined, removeItem: () => undefined }

/** What this device keeps for the page; where the browser forbids that, something that forgets at once. */
export function deviceStorage(): Keep {
  try {
    return localStorage
  } catch {
    return FORGETFUL
  }
}
