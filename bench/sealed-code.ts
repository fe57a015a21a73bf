// What a page loads to ask under a seal: its size is measured.
export { X25519 } from '../protocol/src/sealed/suite-x25519.ts'
export { askSealed } from '../protocol/src/sealed-client/ask-sealed.ts'
export { createRunnerChooser } from '../protocol/src/sealed-client/choose-runners.ts'
export { createHttpNetwork } from '../protocol/src/sealed-client/http-network.ts'
