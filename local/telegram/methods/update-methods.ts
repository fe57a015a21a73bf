import type { Update, WebhookInfo } from 'grammy/types'
import { BotApiError, badRequest } from '../bot-api-error.ts'
import { boolParam, intParam, jsonParam, type Params, textParam } from '../params.ts'
import { isSecureOrLocal } from '../reply-markup.ts'
import type { TelegramServer } from '../telegram-server.ts'
import type { Method, MethodTable } from './method.ts'

export const updateMethods: MethodTable = {
  getupdates: getUpdates,
  setwebhook: setWebhook,
  deletewebhook: deleteWebhook,
  getwebhookinfo: getWebhookInfo,
  answercallbackquery: answerCallbackQuery,
  answerinlinequery: answerInlineQuery,
}

const POLL_TIMEOUT_MAX_S = 50
const SECRET_MAX = 256
const CALLBACK_TEXT_MAX = 200

function getUpdates(server: TelegramServer, params: Params, call: Parameters<Method>[2]): Promise<Update[]> {
  rememberAllowedUpdates(server, params)
  const limit = intParam(params, 'limit') || 100
  const timeoutS = Math.min(Math.max(intParam(params, 'timeout'), 0), POLL_TIMEOUT_MAX_S)
  return server.queue.poll({
    offset: intParam(params, 'offset'),
    limit: Math.min(Math.max(limit, 1), 100),
    timeoutS,
    signal: call.signal,
  })
}

function setWebhook(server: TelegramServer, params: Params): true {
  const url = textParam(params, 'url')
  if (!url) return deleteWebhook(server, params)
  if (!URL.canParse(url) || !/^https?:/.test(url)) throw badRequest('invalid webhook URL specified')
  if (!isSecureOrLocal(url)) throw badRequest('bad webhook: An HTTPS URL must be provided for webhook')
  const secretToken = textParam(params, 'secret_token')
  if (secretToken.length > SECRET_MAX) throw badRequest('secret token is too long')
  if (!/^[A-Za-z0-9_-]*$/.test(secretToken)) throw badRequest('secret token contains unallowed characters')
  rememberAllowedUpdates(server, params)
  if (boolParam(params, 'drop_pending_updates')) server.queue.dropPending()
  server.state.webhook = { url, secretToken }
  server.save()
  server.queue.webhookChanged()
  return true
}

function deleteWebhook(server: TelegramServer, params: Params): true {
  if (boolParam(params, 'drop_pending_updates')) server.queue.dropPending()
  server.state.webhook = { url: '', secretToken: '' }
  server.save()
  server.queue.webhookChanged()
  return true
}

function getWebhookInfo(server: TelegramServer): WebhookInfo {
  const { webhook, pending, allowedUpdates } = server.state
  const info = {
    url: webhook.url,
    has_custom_certificate: false,
    pending_update_count: pending.length,
    ...(webhook.url ? { max_connections: 40 } : {}),
    ...(webhook.lastErrorDate ? { last_error_date: webhook.lastErrorDate } : {}),
    ...(webhook.lastErrorMessage ? { last_error_message: webhook.lastErrorMessage } : {}),
    ...(allowedUpdates.length > 0 ? { allowed_updates: allowedUpdates } : {}),
  }
  return info as WebhookInfo
}

/** A list given once is kept until another is given; an empty list asks for the default kinds again. */
function rememberAllowedUpdates(server: TelegramServer, params: Params): void {
  const value = jsonParam(params, 'allowed_updates', 'allowed updates')
  if (!Array.isArray(value)) return
  server.state.allowedUpdates = value.filter((kind): kind is string => typeof kind === 'string')
  server.save()
}

function answerCallbackQuery(server: TelegramServer, params: Params): true {
  const callback = server.callbacks.get(textParam(params, 'callback_query_id'))
  if (!callback || server.nowMs() - callback.atMs > server.callbackLifeMs) {
    throw badRequest('query is too old and response timeout expired or query ID is invalid')
  }
  const text = textParam(params, 'text')
  if (text.length > CALLBACK_TEXT_MAX) throw badRequest('MESSAGE_TOO_LONG')
  callback.answered = true
  server.emit({
    type: 'callback-answer',
    personId: callback.personId,
    text,
    isAlert: boolParam(params, 'show_alert'),
    url: textParam(params, 'url'),
  })
  return true
}

function answerInlineQuery(_server: TelegramServer, params: Params): true {
  const results = jsonParam(params, 'results', 'inline query results')
  if (!Array.isArray(results)) throw badRequest('Expected an Array of inline query results')
  if (results.length > 50) throw badRequest('Too many inline query results specified')
  if (!textParam(params, 'inline_query_id')) {
    throw new BotApiError(
      400,
      'Bad Request: query is too old and response timeout expired or query ID is invalid',
    )
  }
  return true
}
