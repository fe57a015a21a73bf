import type { ChainMessage, ChainTransaction } from './chain.ts'
import type { FakeChain } from './fake-chain-fixture.ts'

/** Answers as toncenter's v3 does, about the one wallet of a fake chain. */
export function fakeToncenter(address: string, chain: FakeChain): typeof fetch {
  const answer = async (input: string | URL | Request, init?: RequestInit): Promise<Response> => {
    const url = new URL(String(input))
    switch (url.pathname) {
      case '/api/v3/transactions': {
        const after = String(BigInt(url.searchParams.get('start_lt') ?? '1') - 1n)
        const listed = await chain.listTransactions(address, after, Number(url.searchParams.get('limit')))
        return Response.json({ transactions: listed.map(toJson) })
      }
      case '/api/v3/accountStates': {
        const { balance, isActive, lastLt, lastHash } = await chain.readAccount(address)
        const account = {
          address: address.toUpperCase(),
          balance: String(balance),
          status: isActive ? 'active' : 'uninit',
          last_transaction_lt: lastLt,
          last_transaction_hash: toBase64(lastHash),
        }
        return Response.json({ accounts: [account] })
      }
      case '/api/v3/runGetMethod':
        return Response.json({
          exit_code: 0,
          stack: [{ type: 'num', value: `0x${chain.seqno.toString(16)}` }],
        })
      case '/api/v3/message': {
        const { boc } = JSON.parse(String(init?.body)) as { boc: string }
        await chain.send(boc)
        return Response.json({ message_hash: '' })
      }
      default:
        return new Response('not found', { status: 404 })
    }
  }
  return answer as typeof fetch
}

function toJson(transaction: ChainTransaction) {
  const { lt, hash, prevLt, prevHash, atS, totalFees, aborted, out } = transaction
  return {
    lt,
    hash: toBase64(hash),
    prev_trans_lt: prevLt,
    prev_trans_hash: toBase64(prevHash),
    now: atS,
    mc_block_seqno: 1,
    total_fees: String(totalFees),
    description: { aborted },
    in_msg: transaction.in ? toMessageJson(transaction.in) : null,
    out_msgs: out.map(toMessageJson),
    emulated: false,
    finality: 'finalized',
  }
}

function toMessageJson({ source, destination, value, forwardFee, bounced, body }: ChainMessage) {
  return {
    source: source?.toUpperCase() ?? null,
    destination: destination?.toUpperCase() ?? null,
    value: String(value),
    fwd_fee: String(forwardFee),
    ihr_fee: '0',
    bounced,
    message_content: { body },
  }
}

function toBase64(hex: string): string {
  return Buffer.from(hex, 'hex').toString('base64')
}
