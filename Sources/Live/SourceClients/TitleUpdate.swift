import HLS
import HTTP

/// A title that a source client sends: the query of `/admin/metadata`. Pure.
struct TitleUpdate: Equatable {
  enum Rejection: String, Error {
    case mode = "mode must be updinfo"
    case mount = "mount must name a stream, such as mount=/live"
    case title = "song, or title and artist, must be given"
  }

  let stream: StreamName
  let playing: NowPlaying

  /// - Parameter query: as it was sent. `charset` names its encoding; without it, the text is UTF-8 if it can be, and else
  ///   Windows-1252.
  init(_ query: [UInt8]) throws(Rejection) {
    var values: [String: [UInt8]] = [:]
    for pair in query.split(separator: UInt8(ascii: "&")) {
      let spaced = ArraySlice(pair.map { $0 == UInt8(ascii: "+") ? UInt8(ascii: " ") : $0 })
      let equals = spaced.firstIndex(of: UInt8(ascii: "=")) ?? spaced.endIndex
      let name = String(decoding: PercentEncoding.decoded(spaced[..<equals]), as: UTF8.self)
      if values[name] == nil { values[name] = PercentEncoding.decoded(spaced[equals...].dropFirst()) }
    }
    let charset = values["charset"].map { String(decoding: $0, as: UTF8.self).lowercased() }
    func text(_ name: String) -> String? { values[name].map { Self.text($0, charset) } }
    guard text("mode") == "updinfo" else { throw .mode }
    guard let mount = text("mount").flatMap({ SourcePath.mount($0) }) else { throw .mount }
    guard let title = text("song") ?? text("title") ?? (values["artist"] == nil ? nil : "") else { throw .title }
    stream = mount.name
    playing = NowPlaying(mending: title, artist: values["song"] == nil ? text("artist") : nil)
  }

  private static func text(_ bytes: [UInt8], _ charset: String?) -> String {
    switch charset {
    case "utf-8", "utf8": String(decoding: bytes, as: UTF8.self)
    case "iso-8859-1", "iso8859-1", "latin1", "windows-1252", "cp1252": ForeignText.windows1252(bytes[...])
    default: String(validating: bytes, as: UTF8.self) ?? ForeignText.windows1252(bytes[...])
    }
  }
}
