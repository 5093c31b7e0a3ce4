import HTTP

/// The meaning of a request of a source client.
enum SourcePath: Equatable {
  /// `SOURCE` or `PUT` on `/NAME` or `/NAME.ENDING`.
  case mount(StreamName, ending: String?)
  /// `GET /admin/metadata`: a title.
  case title

  private static let endings = ["mp3", "ogg", "oga", "opus", "flac", "aac"]

  /// Nil for a request that is none of a source client.
  init?(_ request: Request) {
    if request.path == "/admin/metadata" {
      self = .title
      return
    }
    guard request.method == .put || request.method == .other("SOURCE"),
      let mount = Self.mount(request.path)
    else { return nil }
    self = .mount(mount.name, ending: mount.ending)
  }

  /// The stream whose client an operator disconnects: `POST /NAME/disconnect`.
  static func disconnected(by request: Request) -> StreamName? {
    guard request.method == .other("POST"), request.path.hasSuffix("/disconnect") else { return nil }
    return StreamName(valid: String(request.path.dropFirst().dropLast("/disconnect".count)))
  }

  /// The stream that the path of a mount names, such as `/live` or `/live.mp3`; some programs leave out the slash.
  static func mount(_ path: String) -> (name: StreamName, ending: String?)? {
    let text = path.hasPrefix("/") ? path.dropFirst() : path[...]
    let point = text.firstIndex(of: ".")
    let ending = point.map { String(text[$0...].dropFirst()) }
    if let ending, !endings.contains(ending) { return nil }
    return StreamName(valid: String(text[..<(point ?? text.endIndex)])).map { ($0, ending) }
  }
}
