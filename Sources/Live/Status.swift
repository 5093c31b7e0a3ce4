import Audio
import HLS
import HTTP

/// What operators are told of the program and its stream, for scripts and for the page of `/status.html`.
struct Status: Sendable {
  private let stream: LiveStream
  /// In monotonic nanoseconds.
  private let began = Clock.monotonic()

  init(of stream: LiveStream) {
    self.stream = stream
  }

  /// - Parameter headers: that go with it.
  func representation(headers: [(name: String, value: String)]) -> Representation {
    let now = WallTime(microseconds: Clock.wall())
    let json = JSON.object([
      ("version", .string(Configuration.version)), ("now", .string(now.text)),
      ("uptime", .number((Clock.monotonic() - began) / 1_000_000_000)), ("stream", .object(stream.state)),
    ])
    return .news(json, at: now, headers: headers)
  }
}

extension Representation {
  /// What is outdated as it is sent.
  static func news(_ json: JSON, at now: WallTime, headers: [(name: String, value: String)]) -> Representation {
    Representation(
      Array("\(json.text)\n".utf8), contentType: "application/json", cacheControl: "no-store",
      lastModified: now.microseconds / 1_000_000, ranges: false, compressed: false, headers: headers)
  }
}
