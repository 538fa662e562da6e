/** Why a request failed, in a form a panel can show. */

export class ApiError extends Error {
  override readonly name = 'ApiError'

  constructor(
    message: string,
    readonly status: number, // 0: the server could not be reached.
    readonly code: string | null = null,
  ) {
    super(message)
  }

  /** A refusal will be the same next time; trouble on the way or in the server may pass. */
  get isRetriable(): boolean {
    return this.status === 0 || this.status >= 500 || this.status === 429
  }
}

interface ErrorBody {
  error?: unknown
}

/** Reads `{"error": …}` and the `Error-Code` header; anything else becomes a sentence of ours. */
export async function errorOf(response: Response): Promise<ApiError> {
  const body = (await response.json().catch(() => ({}))) as ErrorBody
  const message = typeof body.error === 'string' ? body.error : sentenceFor(response.status)
  return new ApiError(message, response.status, response.headers.get('Error-Code'))
}

function sentenceFor(status: number): string {
  if (status === 401 || status === 403 || status === 404)
    return 'You no longer have access to this dashboard.'
  if (status === 429) return 'Too many requests at once. Try again in a moment.'
  return 'The server could not answer.'
}
