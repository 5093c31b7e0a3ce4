/// A receiver of the station's events.
package struct Webhook: Equatable, Sendable {
  package let url: WebhookURL
  package var format = WebhookFormat.json
}
