/** What the address below `/earn` shows. */
export type EarnView =
  | { readonly view: 'home' | 'add' | 'groups' | 'forecast' }
  | { readonly view: 'join'; readonly code: string }
  | { readonly view: 'runner'; readonly id: string }

const PLAIN_ID = /^[\w-]{1,64}$/

/** Reads an address such as `/earn/join/K7QM`. What nothing lives at is the first page. */
export function readEarnPath(pathname: string): EarnView {
  const [, , first = '', second = ''] = pathname.split('/')
  if (first === 'add' || first === 'groups' || first === 'forecast') return { view: first }
  if (first === 'join') return PLAIN_ID.test(second) ? { view: 'join', code: second } : { view: 'groups' }
  return PLAIN_ID.test(first) ? { view: 'runner', id: first } : { view: 'home' }
}
