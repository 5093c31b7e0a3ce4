import Core
import Live

extension Flag {
  /// The flags of the webhooks, in the order of `--help`.
  static let webhooks: [Flag] = [
    .station(
      "webhook", .operators, "URL", "tell the station's events to this URL (POST); repeatable; ps shows the URL",
      isSecret: true
    ) { (value, station) throws(Rule) in
      guard let url = WebhookURL(value) else {
        throw Rule("it must be http:// or https://, a host, perhaps a port, and perhaps a path, without a user or a #")
      }
      guard station.webhooks.add(url) else {
        throw Rule("there may be at most \(WebhookSettings.mostReceivers) of them")
      }
    },
    .station(
      "webhook-format", .operators, "FORMAT",
      "form of the events for the --webhook before: json, discord, slack or ntfy; default json"
    ) { (value, station) throws(Rule) in
      guard let format = WebhookFormat(rawValue: value) else {
        throw Rule("it must be \(list(WebhookFormat.allCases.map(\.rawValue)))")
      }
      guard station.webhooks.setFormat(format) else { throw Rule("it must stand behind a \(.webhook) URL") }
    },
    .station(
      "webhook-secret-file", .operators, "PATH",
      "sign events with the secret in this file (HMAC-SHA256): one line, 16 characters or more"
    ) { (value, station) throws(Rule) in station.webhooks.secretFile = try path(value) },
  ]
}
