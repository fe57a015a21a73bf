/** Makes calls that come in a hurry one: the next frame's. */
export function oncePerFrame(
  run: () => void,
  requestFrame: (frame: () => void) => number,
  cancelFrame: (id: number) => void,
): { readonly call: () => void; readonly cancel: () => void } {
  let frame: number | undefined
  return {
    call: () => {
      frame ??= requestFrame(() => {
        frame = undefined
        run()
      })
    },
    cancel: () => {
      if (frame !== undefined) cancelFrame(frame)
      frame = undefined
    },
  }
}
