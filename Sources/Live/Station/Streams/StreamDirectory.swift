import Synchronization

/// The streams of a station by their names. The first one is the one whose values the station shows where it shows those
/// of one stream. A change of the settings replaces the whole state, and a request reads the state once.
final class StreamDirectory: Sendable {
  /// A stream, and the number of its channel in the server, which is also the number of its counter in `Audiences`.
  struct Entry: Sendable {
    let stream: LiveStream
    let channel: Int
    /// Whether the stream was stopped, and could not be started again.
    var isStopped = false

    var name: StreamName { stream.name }
  }

  /// Immutable.
  struct State: Sendable {
    /// In the order of the settings; at least one.
    let entries: [Entry]
    /// The streams that the settings do not have any more. Their listeners get the last segments until the program ends.
    let removed: [Entry]
    private let places: [StreamName: Entry]

    /// - Parameter entries: at least one. All streams have names of their own.
    init(_ entries: [Entry], removed: [Entry] = []) {
      precondition(!entries.isEmpty, "a station has a stream")
      (self.entries, self.removed) = (entries, removed)
      places = Dictionary(uniqueKeysWithValues: (entries + removed).map { ($0.name, $0) })
    }

    subscript(name: StreamName) -> Entry? { places[name] }

    /// The channels without a stream, the lowest first.
    /// - Parameter count: the number of all channels of streams.
    func freeChannels(of count: Int) -> [Int] {
      let taken = Set((entries + removed).map(\.channel))
      return (0..<count).filter { !taken.contains($0) }
    }
  }

  /// The channels for streams that a change of the settings may add.
  private static let spareChannels = 16

  /// The number of the server's channels for streams.
  static func channels(of settings: StationSettings) -> Int { settings.streams.count + spareChannels }

  /// The number of the server's channel for the pictures of a stream: behind the channels for the sound of all streams.
  /// - Parameter channels: the number of the channels for sound.
  static func pictureChannel(of channel: Int, among channels: Int) -> Int { channels + channel }

  /// The number of the server's channels for the sound of streams.
  let channels: Int
  private let state: Mutex<State>

  /// - Parameter streams: at least one, each with a name of its own.
  init(_ streams: [LiveStream]) {
    channels = streams.count + Self.spareChannels
    state = Mutex(State(streams.enumerated().map { Entry(stream: $0.element, channel: $0.offset) }))
  }

  /// The state at this moment.
  var now: State { state.withLock { $0 } }

  func replace(by new: State) { state.withLock { $0 = new } }

  /// The streams that the settings have.
  var streams: [LiveStream] { now.entries.map(\.stream) }

  var first: LiveStream { now.entries[0].stream }

  subscript(name: StreamName) -> LiveStream? { now[name]?.stream }
}
