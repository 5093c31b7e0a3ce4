import Core

/// The request that tells one event to one receiver. Pure.
struct WebhookMessage: Equatable, Sendable {
  let url: String
  /// JSON.
  let body: String

  /// - Parameter station: the name of the station, for people.
  init(_ event: StationEvent, to receiver: Webhook, station: String) {
    switch receiver.format {
    case .json:
      url = receiver.url.text
      body = event.json(station: station).text
    case .discord:
      url = receiver.url.text
      body = DiscordMessage.json(event, station: station).text
    case .slack:
      url = receiver.url.text
      body = SlackMessage.json(event, station: station).text
    case .ntfy:
      // The settings admit no other URL.
      let topic = receiver.url.topic!
      url = topic.server
      body = NtfyMessage.json(event, station: station, topic: topic.name).text
    }
  }
}

/// "Execute Webhook" of Discord's documentation for developers.
private enum DiscordMessage {
  /// Discord reads these characters as Markdown, as mentions or as links; a backslash in front makes each a plain one.
  private static let markup: Set<Character> = [
    "\\", "*", "_", "~", "`", "|", "<", ">", "[", "]", "(", ")", "#", "@", ":", "-", "+",
  ]

  static func json(_ event: StationEvent, station: String) -> JSON {
    .object([
      ("content", .string("**\(plain(station))**: \(plain(event.text))")),
      // Nobody is called by a text that somebody else has written.
      ("allowed_mentions", .object([("parse", .array([]))])),
    ])
  }

  private static func plain(_ text: String) -> String {
    String(text.flatMap { markup.contains($0) ? ["\\", $0] : [$0] })
  }
}

/// "Sending messages using incoming webhooks" and "Formatting message text" of Slack's documentation for developers.
private enum SlackMessage {
  static func json(_ event: StationEvent, station: String) -> JSON {
    .object([("text", .string("\(plain(station)): \(plain(event.text))")), ("mrkdwn", .bool(false))])
  }

  /// "You should replace … & with &amp; … < with &lt; … > with &gt;"
  private static func plain(_ text: String) -> String {
    text.reduce(into: "") { plain, character in
      switch character {
      case "&": plain += "&amp;"
      case "<": plain += "&lt;"
      case ">": plain += "&gt;"
      default: plain.append(character)
      }
    }
  }
}

/// "Publish as JSON" of ntfy's documentation. ntfy shows title and message as plain text.
private enum NtfyMessage {
  static func json(_ event: StationEvent, station: String, topic: String) -> JSON {
    .object([
      ("topic", .string(topic)), ("title", .string(station)), ("message", .string(event.text)),
      // 3 is the usual priority, and 4 is high.
      ("priority", .number(event.isAlarm ? 4 : 3)),
      ("tags", .array([.string(event.isAlarm ? "warning" : "radio"), .string(event.name)])),
    ])
  }
}
