const ROOT = '/network/'

/** The address of a model's detail. A model's name may have slashes. */
export function pathOfModel(id: string): `/network/${string}` {
  return `${ROOT}${encodeURIComponent(id)}`
}

/** The model that an address names; undefined for the list. */
export function modelOfPath(pathname: string): string | undefined {
  const name = pathname.startsWith(ROOT) ? pathname.slice(ROOT.length).replace(/\/$/, '') : ''
  if (name === '') return undefined
  try {
    return decodeURIComponent(name)
  } catch {
    return name // a lone `%`: the router has read it already
  }
}
