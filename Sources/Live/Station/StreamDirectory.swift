/// The streams of a station by their names. The first one is the one whose values the station shows where it shows those
/// of one stream.
final class StreamDirectory: Sendable {
  /// In the order of the settings; at least one.
  let streams: [LiveStream]
  private let indices: [StreamName: Int]

  /// - Parameter streams: at least one, each with a name of its own.
  init(_ streams: [LiveStream]) {
    precondition(!streams.isEmpty, "a station has a stream")
    self.streams = streams
    indices = Dictionary(uniqueKeysWithValues: streams.enumerated().map { ($0.element.name, $0.offset) })
  }

  var first: LiveStream { streams[0] }

  subscript(name: StreamName) -> LiveStream? { index(of: name).map { streams[$0] } }

  /// The stream's place in `streams`, which is the number of its channel in the server.
  func index(of name: StreamName) -> Int? { indices[name] }
}
