import { DurableObject } from 'cloudflare:workers'

/** The one object, named `hot`, that reads the chain for the hot wallet, credits deposits and sends payouts. */
export class TreasuryObject extends DurableObject<Cloudflare.Env> {}
