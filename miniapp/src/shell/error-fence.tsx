import { Component, type ReactNode } from 'react'
import { useSpeech } from '../words/words-context.tsx'

type Props = { readonly children: ReactNode; readonly name: string }

/** Keeps a page that fell over from taking the others with it. Another `name` is another try. */
export class ErrorFence extends Component<Props, { readonly fallenAt: string | undefined }> {
  override state = { fallenAt: undefined }

  static getDerivedStateFromError(): { fallenAt: string } {
    return { fallenAt: '' }
  }

  override componentDidUpdate(previous: Props): void {
    if (previous.name !== this.props.name && this.state.fallenAt !== undefined) {
      this.setState({ fallenAt: undefined })
    }
  }

  override render(): ReactNode {
    return this.state.fallenAt === undefined ? this.props.children : <Fallen />
  }
}

function Fallen(): ReactNode {
  const { words } = useSpeech()
  return (
    <main className="page">
      <div className="card trouble" role="alert">
        <p>{words.fallen}</p>
        <button type="button" className="button quiet" onClick={() => location.reload()}>
          {words['load-again']}
        </button>
      </div>
    </main>
  )
}
