import Audio
import Core

/// The head of a station's answer, line by line. Pure.
struct RelayHead: Equatable, Sendable {
  /// The meaning of an answer.
  enum Meaning: Equatable {
    case sound(EncodedFormat)
    case playlist
    case redirect
    /// - Parameter reason: the end of a sentence about the station.
    case refused(reason: String)
  }

  /// 0 before the first line.
  private(set) var status = 0
  /// Without parameters, in lower case; empty where there is none.
  private(set) var type = ""
  /// The bytes of sound between two pieces of metadata; nil where there is no metadata.
  private(set) var interval: Int?

  /// - Parameter line: the status line or a field, with or without the line break. A further status line begins a new head.
  mutating func take(_ line: [UInt8]) {
    let text = String(decoding: line.prefix { $0 != 0x0D && $0 != 0x0A }, as: UTF8.self)
    if text.hasPrefix("HTTP/") || text.hasPrefix("ICY ") {
      self = RelayHead()
      let words = text.split(separator: " ")
      if words.count > 1, let status = Int(words[1]), (100...999).contains(status) { self.status = status }
      return
    }
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2 else { return }
    let value = parts[1].drop(while: \.isWhitespace).prefix { !$0.isWhitespace && $0 != ";" }
    switch parts[0].lowercased() {
    case "content-type": type = String(value.lowercased().prefix(60))
    case "icy-metaint":
      interval = Int(value).flatMap { (1...ICYDemultiplexer.longestInterval).contains($0) ? $0 : nil }
    default: break
    }
  }

  /// - Parameter path: of the URL, whose ending counts where the type tells nothing.
  func meaning(path: String) -> Meaning {
    let path = path.lowercased()
    switch status {
    case 200: break
    case 301, 302, 303, 307, 308: return .redirect
    case 401, 407: return .refused(reason: "it wants another user and password (status \(status))")
    default: return .refused(reason: "it answers with the status \(status)")
    }
    if Self.playlists.contains(type) || (isUnknown && (path.hasSuffix(".m3u") || path.hasSuffix(".pls"))) {
      return .playlist
    }
    if let format = EncodedFormat(mediaType: type) { return .sound(format) }
    guard isUnknown else {
      return .refused(reason: "it sends \(Self.shown(type)), which is not taken; it must send \(SourceClient.formats)")
    }
    if path.hasSuffix(".flac") { return .sound(.flac) }
    return .sound([".ogg", ".oga", ".opus"].contains(where: path.hasSuffix) ? .ogg : .mp3)
  }

  /// Whether the type tells nothing about the content.
  private var isUnknown: Bool { ["", "application/octet-stream", "text/plain", "unknown/unknown"].contains(type) }

  /// RFC 8216 §4 for those of HLS, which are told apart by the content.
  private static let playlists = [
    "audio/x-mpegurl", "audio/mpegurl", "application/x-mpegurl", "application/mpegurl", "audio/x-scpls", "audio/scpls",
    "application/pls+xml", "application/vnd.apple.mpegurl", "application/x-scpls",
  ]

  private static func shown(_ type: String) -> String {
    String(String.UnicodeScalarView(type.unicodeScalars.filter { (0x21...0x7E).contains($0.value) }))
  }
}
