/// The form in which a receiver takes events.
package enum WebhookFormat: String, CaseIterable, Sendable {
  case json, discord, slack, ntfy
}
