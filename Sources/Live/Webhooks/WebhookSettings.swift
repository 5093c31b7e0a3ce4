/// The settings that say who is told of the station's events.
package struct WebhookSettings: Equatable, Sendable {
  /// Each receiver has a thread.
  package static let mostReceivers = 16

  package private(set) var receivers: [Webhook] = []
  /// The file with the secret by which a receiver knows that the station has sent an event.
  package var secretFile: String?

  package init() {}

  /// Adds a receiver, and makes it the last one.
  /// - Returns: false if there are too many.
  package mutating func add(_ url: WebhookURL) -> Bool {
    if let index = receivers.firstIndex(where: { $0.url == url }) {
      receivers.append(receivers.remove(at: index))
    } else {
      guard receivers.count < Self.mostReceivers else { return false }
      receivers.append(Webhook(url: url))
    }
    return true
  }

  /// Sets the format of the last receiver.
  /// - Returns: false if there is none.
  package mutating func setFormat(_ format: WebhookFormat) -> Bool {
    guard !receivers.isEmpty else { return false }
    receivers[receivers.count - 1].format = format
    return true
  }

  /// Checks the rules that tie one setting to another.
  func check() throws(InvalidInput) {
    if let secretFile, receivers.isEmpty {
      throw InvalidInput(.webhookSecretFile, secretFile, "it needs \(.webhook) URL")
    }
    if let receiver = receivers.first(where: { $0.format == .ntfy && $0.url.topic == nil }) {
      throw InvalidInput(
        .webhookFormat, "ntfy",
        """
        the URL of \(receiver.url) must be https://HOST/TOPIC, and the topic has 1 to 64 letters, digits, _ and -
        """)
    }
  }
}
