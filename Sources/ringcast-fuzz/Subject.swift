import Codec
import Core
import HLS

@testable import Audio
@testable import CommandLineInterface
@testable import HTTP
@testable import Live

/// A parser that gets arbitrary input, and the invariants of its results.
struct Subject: Sendable {
  let name: String
  /// Traps if an invariant is broken.
  let feed: @Sendable ([UInt8]) -> Void

  static let all = [
    Subject(name: "range", feed: range), Subject(name: "target", feed: target), Subject(name: "request", feed: request),
    Subject(name: "wav", feed: wav), Subject(name: "frames", feed: frames), Subject(name: "playlist", feed: playlist),
    Subject(name: "restored", feed: restored), Subject(name: "options", feed: options),
    Subject(name: "tokens", feed: tokens), Subject(name: "metadata", feed: metadata),
    Subject(name: "websocket", feed: websocket), Subject(name: "http2", feed: http2),
    Subject(name: "http1", feed: http1), Subject(name: "crash", feed: crash),
    Subject(name: "rooms", feed: RoomsPages.run), Subject(name: "records", feed: RoomsPages.restore),
    Subject(name: "voices", feed: RoomVoices.run),
  ]

  /// Two octets of length, and a Range field.
  private static func range(_ input: [UInt8]) {
    var rest = input[...]
    let length = number(&rest)
    switch ByteRange.parse(text(rest), length: length) {
    case .ignored: break
    case .unsatisfiable: precondition(length > 0)
    case .ranges(let ranges):
      precondition((1...ByteRange.maximumCount).contains(ranges.count))
      for range in ranges { precondition(!range.isEmpty && range.lowerBound >= 0 && range.upperBound <= length) }
      precondition(ranges.reduce(0) { $0 + $1.count } <= length)
    }
  }

  /// The target of a request line, and its meaning.
  private static func target(_ input: [UInt8]) {
    let logged = LoggedTarget.withoutTokens(input) { _ in false }
    precondition(logged.count <= input.count && LoggedTarget.withoutTokens(logged) { _ in false }.count <= logged.count)
    guard let target = try? RequestTarget(input) else { return }
    precondition(target.path.hasPrefix("/"))
    precondition(!target.path.split(separator: "/").contains { $0 == "." || $0 == ".." })
    let texts = target.query.flatMap { [$0.name, $0.value] } + [target.path]
    for text in texts { precondition(text.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F }) }
    if case .stream(let stream, .media(let resource, let era)) = Route(target.path, isFile: { _ in false }) {
      // Each name has one spelling only.
      let folder = era.map { "\(stream)/\($0)" } ?? "\(stream)"
      let name =
        switch resource {
        case .playlist: "\(stream).m3u8"
        case .lowLatencyPlaylist: "\(stream)-ll.m3u8"
        case .endless: "\(stream).mp3"
        case .segment(let sequence): "\(folder)/\(sequence).mp3"
        case .part(let sequence, let index): "\(folder)/\(sequence).\(index).mp3"
        }
      precondition(target.path == "/" + name)
    }
    _ = try? BlockingReload.wantsDelta(query: target.query)
    guard let reload = try? BlockingReload(query: target.query) else { return }
    for recordingParts in 0..<3 {
      let progress = BlockingReload.Progress(
        lastSequence: 7, lastParts: 7, recordingParts: recordingParts, ended: false)
      _ = reload.verdict(progress, advancePartLimit: 11)
    }
  }

  /// A head, one item a line: method, target, version, then header fields. It asks for a representation with ranges and for
  /// one with two codings.
  private static func request(_ input: [UInt8]) {
    let lines = input.split(separator: 0x0A, omittingEmptySubsequences: false)
    guard lines.count >= 3 else { return }
    var headers = HeaderFields()
    for line in lines.dropFirst(3) {
      let colon = line.firstIndex(of: UInt8(ascii: ":")) ?? line.endIndex
      headers.append(name: line[..<colon], value: line[colon...].dropFirst())
    }
    let head = RequestHead(
      method: text(lines[0]), target: Array(lines[1]), version: text(lines[2]), headers: headers)
    if let field = headers.joined("Authorization") { _ = Authorization(field) }
    if let field = headers.joined("Cookie") {
      precondition(CookieField.values(of: ["a"], in: field, atMost: 3).count <= 3)
    }
    precondition(TrustedProxies().client(of: Client(connection: 7), headers).connection == 7)
    switch head.verdict {
    case .answered(let response): precondition([204, 400, 404, 413].contains(response.status))
    case .accepted(let request), .acceptedWithContent(let request, _):
      for representation in representations {
        let response = representation.response(to: request)
        precondition([200, 204, 206, 304, 405, 406, 412, 416].contains(response.status))
        // A partial answer is never empty.
        precondition(response.status != 206 || !response.content.isEmpty)
      }
    }
  }

  private static let representations = [
    Representation(
      Array("0123456789abcdef".utf8), contentType: "audio/mpeg", cacheControl: "no-cache",
      validators: .init(lastModified: 1_700_000_000, entityTag: "tag"), features: .ranges, headers: CORS.headers),
    Representation(
      Array("#EXTM3U\n".utf8), contentType: "application/vnd.apple.mpegurl", cacheControl: "no-cache",
      validators: .init(lastModified: 1_700_000_000), features: .compressed),
  ]

  /// Two octets with the number of bytes by which the file is longer than the part that is read; then that part.
  private static func wav(_ input: [UInt8]) {
    var rest = input[...]
    let bytes = Array(rest.dropFirst(2))
    let length = bytes.count + number(&rest)
    guard let header = try? WAVHeader(bytes, fileLength: length) else { return }
    let frame = header.adpcm?.blockLength ?? header.format.channels * header.sampleFormat.bytes
    precondition(header.dataLength > 0 && header.dataLength % frame == 0)
    precondition(header.dataOffset >= 0 && header.dataOffset + header.dataLength <= length)
    // A pipe has the same sound in the same place.
    var last = 0
    let piped = try? WAVHeader(fileLength: nil) { (offset, count) throws(SourceError) in
      precondition(offset >= last)
      last = offset
      return Array(bytes.dropFirst(offset).prefix(count))
    }
    if let piped {
      precondition(piped.format == header.format && piped.layout == header.layout)
      precondition(piped.dataOffset == header.dataOffset)
    }
  }

  /// A segment.
  private static func frames(_ input: [UInt8]) {
    let offset = TimestampTag(input) == nil ? 0 : TimestampTag.length
    let end = AudioCodec.mp3.endOfWholeFrames(in: input, from: offset)
    precondition(offset <= end && end <= input.count)
    let whole = FrameRun(of: .mp3, in: input, from: offset)
    // The whole run must also have one sample rate.
    precondition(whole == nil || end == input.count)
    if let tag = TimestampTag(input) { precondition(input.starts(with: tag.bytes)) }
  }

  /// A playlist in a folder: reading its text again gives the same playlist.
  private static func playlist(_ input: [UInt8]) {
    guard let playlist = try? Playlist(text: text(input[...]), codec: .mp3) else { return }
    guard let again = try? Playlist(text: playlist.text(), codec: .mp3) else { preconditionFailure("\(playlist)") }
    precondition(again == playlist)
  }

  /// A folder: two octets of length and the playlist; then files. A file is one octet with its kind and the distance of its
  /// number from the playlist's, two octets of length, and its bytes.
  private static func restored(_ input: [UInt8]) {
    var rest = input[...]
    let playlist = try? Playlist(text: text(piece(&rest)), codec: .mp3)
    var files: [Bool: [Int: [UInt8]]] = [:]
    while let kind = rest.popFirst() {
      let sequence = (playlist?.entries.first?.sequence ?? 1) + Int(kind & 0x7F)
      files[kind & 0x80 == 0, default: [:]][sequence] = Array(piece(&rest))
    }
    let now = WallTime(microseconds: 1_790_000_000_000_000)
    let found = Restored.Found(
      playlist: playlist, files: files[true] ?? [:],
      served: (files[false] ?? [:]).mapValues { Restored.Served(bytes: $0, date: now) })
    let restored = Restored(
      found, packaging: .packedAudio(.mp3), targetDuration: playlist?.targetDuration ?? 2, now: now,
      newEra: Era(bits: 1))
    for (before, after) in zip(restored.segments, restored.segments.dropFirst()) {
      precondition(after.sequence == before.sequence + 1)
    }
    if let last = restored.segments.last { precondition(restored.nextSequence == last.sequence + 1) }
    // No number of a complete file of ours or of a recording segment is used again, and the next one has a name.
    let whole = (files[true] ?? [:]).filter { TimestampTag($0.value) != nil }
    let used = Array(whole.keys) + Array((files[false] ?? [:]).keys)
    precondition(used.allSatisfy { $0 < restored.nextSequence || $0 > Restored.highestUnlisted })
    precondition(SegmentName("\(restored.nextSequence).mp3", of: .mp3) != nil)
  }

  /// A record of the crash memory.
  private static func crash(_ input: [UInt8]) {
    guard let record = CrashRecord(input, atMost: 1000) else { return }
    precondition(record.bytes == input && (1...Restored.highest).contains(record.sequence) && record.count <= 1000)
    // A date that can be written and moved on.
    precondition(WallTime(record.date.advanced(samples: 48_000 * 3600, rate: 48_000).text) != nil)
  }

  /// Two octets of length and a configuration file; then a command line, one argument a line.
  private static func options(_ input: [UInt8]) {
    var rest = input[...]
    let file = text(piece(&rest))
    let arguments = rest.split(separator: 0x0A, omittingEmptySubsequences: false).map { text($0) }
    do {
      _ = try Options.parse(arguments) { _ in file }
    } catch {
      precondition(!error.description.isEmpty)
    }
  }

  /// A file of tokens: each matches only itself, and needs no escaping anywhere.
  private static func tokens(_ input: [UInt8]) {
    guard let tokens = try? Token.list(text(input[...])) else { return }
    let list = TokenList(tokens)
    for token in tokens {
      precondition((8...128).contains(token.text.utf8.count))
      precondition(token.text.utf8.allSatisfy { $0.isTokenCharacter && !"!#$%&'*+^`|".utf8.contains($0) })
      precondition(list.token(token.text) == token && list.contains(token.text))
      for other in tokens { precondition(TokenList([token]).token(other.text) == (token == other ? token : nil)) }
      precondition(TokenList([token]).token(String(token.text.dropLast())) == nil)
    }
  }

  /// A now playing text, from a request or a file: its title fits into a line of a playlist and into a header field.
  private static func metadata(_ input: [UInt8]) {
    if let json = try? JSON(input) {
      guard let again = try? JSON(Array(json.text.utf8)) else { preconditionFailure(json.text) }
      precondition(again.text == json.text)
    }
    for playing in [try? NowPlaying(content: input), NowPlaying(file: input)].compactMap(\.self) {
      precondition(playing.line.utf8.count <= 2 * NowPlaying.longest + 3)
      precondition((try? NowPlaying(content: Array(playing.json.text.utf8))) == playing)
      let range = DateRange(playing: playing, start: WallTime(microseconds: 0))
      precondition(!range.attributes.contains(where: \.isNewline))
      precondition(range.attributes.utf8.count { $0 == UInt8(ascii: "\"") }.isMultiple(of: 2))
      precondition(range.field.value.utf8.allSatisfy { (0x20...0x7E).contains($0) })
    }
  }

  /// One octet with the length of the pieces, less one; then the bytes of a client of a WebSocket. Every split gives the same
  /// events.
  private static func websocket(_ input: [UInt8]) {
    let limit = 1000
    func events(_ pieces: [ArraySlice<UInt8>]) -> [WebSocketMachine.Event] {
      var (machine, events) = (WebSocketMachine(messageLimit: limit), [WebSocketMachine.Event]())
      for piece in pieces {
        piece.withUnsafeBytes { bytes in
          var rest = bytes
          while let event = machine.receive(&rest) { events.append(event) }
          precondition(rest.isEmpty)
        }
      }
      return events
    }
    let bytes = input.dropFirst()
    let whole = events([bytes])
    let step = Int(input.first ?? 0) % 64 + 1
    let pieces = stride(from: bytes.startIndex, to: bytes.endIndex, by: step).map { bytes[$0...].prefix(step) }
    precondition(events(pieces) == whole)
    for (index, event) in whole.enumerated() {
      switch event {
      case .message(.text(let text)): precondition(text.utf8.count <= limit)
      case .message(.binary(let payload)): precondition(payload.count <= limit)
      case .ping(let payload), .pong(let payload): precondition(payload.count <= 125)
      case .close(let code, let reason):
        precondition(index == whole.count - 1 && code?.isSendable ?? true && reason.utf8.count <= 123)
      case .failure(let code, let reason):
        precondition(index == whole.count - 1 && code.isSendable && reason.utf8.count <= 123)
      }
    }
  }

  /// An octet with the length of the pieces, less one; then the bytes of a client of HTTP/1.1. Every split gives the same
  /// events.
  private static func http1(_ input: [UInt8]) {
    guard let step = input.first else { return }
    let bytes = Array(input.dropFirst())
    let whole = HTTP1Events(bytes, by: max(1, bytes.count)).events
    precondition(HTTP1Events(bytes, by: Int(step) % 64 + 1).events == whole)
  }

  /// An octet with the number of bytes that are read at a time; then frames of an HTTP/2 client after its preface.
  private static func http2(_ input: [UInt8]) {
    guard let step = input.first else { return }
    let bytes = Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\u{4}\0\0\0\0\0".utf8) + input.dropFirst()
    let whole = comparable(HTTP2Listener.events(bytes, step: bytes.count))
    let split = comparable(HTTP2Listener.events(bytes, step: max(1, Int(step))))
    precondition(split == whole || hasGoaway(input.dropFirst()))
  }

  /// The events without content that does not come whole. Content that is longer than its Content-Length is told up to the
  /// piece that is too long, and libnghttp2 takes the pieces as they are read.
  private static func comparable(_ events: [HTTP2Listener.Event]) -> [HTTP2Listener.Event] {
    let whole = events.compactMap { event -> Int32? in
      if case .contentEnd(let stream) = event { stream } else { nil }
    }
    return events.filter { event in
      if case .content(let stream, _) = event { whole.contains(stream) } else { true }
    }
  }

  /// After a GOAWAY frame of a client without open requests, libnghttp2 ignores what comes in further reads only.
  private static func hasGoaway(_ frames: ArraySlice<UInt8>) -> Bool {
    var rest = frames
    while rest.count >= 9 {
      let header = Array(rest.prefix(9))
      if header[3] == 0x7 { return true }
      rest = rest.dropFirst(9 + (Int(header[0]) << 16 | Int(header[1]) << 8 | Int(header[2])))
    }
    return false
  }

  private static func text(_ bytes: ArraySlice<UInt8>) -> String { String(decoding: bytes, as: UTF8.self) }

  private static func number(_ rest: inout ArraySlice<UInt8>) -> Int {
    Int(rest.popFirst() ?? 0) << 8 | Int(rest.popFirst() ?? 0)
  }

  private static func piece(_ rest: inout ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    let length = number(&rest)
    defer { rest = rest.dropFirst(length) }
    return rest.prefix(length)
  }
}
