import System

/// State that the listeners share.
struct Shared: ~Copyable {
  let options: Options
  var epoll: Epoll
  let credentials: TLSClient.Credentials
  let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 65_536, alignment: 16)
  var agenda = Agenda()
  var references = References()
  var tally = Tally()
  var arrivals = EventArrivals()
  /// Whether arrivals are counted.
  var isMeasuring = false
  /// The latest playlist: most listeners receive the same one.
  private var latest: (bytes: [UInt8], playlist: MediaPlaylist)?

  init(_ options: Options) throws(SystemError) {
    self.options = options
    credentials = TLSClient.Credentials(options.version)
    epoll = try Epoll()
  }

  deinit {
    buffer.deallocate()
  }

  var cushion: Duration { .milliseconds(options.cushion) }

  /// The last octet of a listener's source address 127.0.0.x; nil if the server is on another machine.
  func source(of number: Int) -> Int? {
    options.url.address.hasPrefix("127.") ? 1 + number / 20_000 : nil
  }

  mutating func playlist(_ bytes: [UInt8]) -> MediaPlaylist? {
    if let latest, latest.bytes == bytes { return latest.playlist }
    guard let playlist = MediaPlaylist(String(decoding: bytes, as: UTF8.self)) else { return nil }
    latest = (bytes, playlist)
    return playlist
  }
}
