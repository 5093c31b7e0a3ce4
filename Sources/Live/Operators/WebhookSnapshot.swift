/// A receiver at one moment.
struct WebhookSnapshot: Sendable {
  let host: String
  var figures = WebhookQueue.Figures()
}
