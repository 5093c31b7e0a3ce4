import Codec
import Core
import HLS
import Pictures
import Recordings
import Uploads

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
    Subject(name: "voices", feed: RoomVoices.run), Subject(name: "source", feed: source),
    Subject(name: "m3u", feed: m3u), Subject(name: "relay", feed: RelayAnswers.run),
    Subject(name: "recording", feed: recording), Subject(name: "picture", feed: picture),
    Subject(name: "face", feed: face), Subject(name: "upload", feed: upload),
  ]

  /// The texts of a source client: the query of a title, the comments and codebooks of Vorbis, and the file of passwords.
  private static func source(_ input: [UInt8]) {
    if let update = try? TitleUpdate(input) {
      let texts = [update.playing.title, update.playing.artist].compactMap(\.self)
      for text in texts {
        precondition(text.utf8.count <= NowPlaying.longest && text.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F })
      }
    }
    let tags = VorbisComment.tags(in: input)
    for text in [tags.title, tags.artist].compactMap(\.self) { precondition(text.utf8.count <= 3 * input.count) }
    _ = VorbisCodebooks.areSmall(in: input)
    if let passwords = try? SourcePasswords(String(decoding: input, as: UTF8.self)) {
      precondition(!passwords.accept(user: "", password: "") && !passwords.accept(user: "source", password: ""))
    }
  }

  /// A still, as the still of a camera, and in the pieces of a room's member.
  private static func picture(_ input: [UInt8]) {
    let still = try? JPEGStill(input[...])
    let padded = try? JPEGStill(input[...], mayHavePadding: true)
    if let still {
      precondition(JPEGStill.sides.contains(still.width) && JPEGStill.sides.contains(still.height))
      // The standard tables may be added.
      precondition(still.bytes == input || still.bytes.count == input.count + 420)
      precondition(padded == still && (try? JPEGStill(still.bytes[...])) != nil)
    }
    var assembly = PictureAssembly()
    var result = PictureAssembly.Result.more
    for start in stride(from: 0, to: input.count, by: 7) {
      let end = min(start + 7, input.count)
      let flags: UInt8 = (start == 0 ? 1 : 0) | (end == input.count ? 2 : 0)
      let message = [1, 2, 0, flags] + [UInt8](repeating: 0, count: 12) + input[start..<end]
      result = assembly.take(PicturePiece(message)!)
    }
    if case .still(let whole, _) = result { precondition(whole == still) } else { precondition(still == nil) }
    if let piece = PicturePiece(input) {
      precondition(assembly.take(piece) != .more || !piece.isLast || !piece.isFirst)
    }
  }

  /// A logo, peaks, the titles of the runs before, and a colour.
  private static func face(_ input: [UInt8]) {
    if let size = Logo(input)?.size { precondition(size.width > 0 && size.height > 0) }
    if let peaks = Peaks(input[...]) {
      precondition(peaks.bytes == input && peaks.count * peaks.channels == peaks.levels.count)
      if peaks.samplesPerSlice < 1 << 20 { precondition(peaks.coarser(by: 3).count == (peaks.count + 2) / 3) }
    }
    if let played = PlayedDocument.titles(input) {
      precondition(played.titles.count <= PlayedTitles.most)
      let again = PlayedDocument.titles(Array(PlayedDocument.json(played).text.utf8))
      precondition(again?.titles == played.titles)
    }
    if let accent = try? Accent(text(input[...])) { precondition((try? Accent(accent.text)) == accent) }
  }

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

  /// The tag of a recording, its note and its peaks, and the name of its file.
  private static func recording(_ input: [UInt8]) {
    if let note = RecordingNote(input) { precondition(RecordingNote(note.bytes) == note) }
    if let change = try? RecordingNote.Change(input) {
      var note = RecordingNote()
      note.apply(change)
      precondition(RecordingNote(note.bytes) == note)
    }
    if let peaks = Peaks(input[...]) { precondition(peaks.bytes == input) }
    _ = ClipPlace(text(input[...]))
    if let name = RecordingName(text(input[...])) { precondition(RecordingName(name.text) == name) }
    guard let tag = ID3Reader(input) else { return }
    let starts = tag.chapters.map(\.start)
    precondition(starts == starts.sorted() && tag.length <= ID3Reader.longest)
    let name = RecordingName(stream: "live", start: WallTime(microseconds: 0), offset: 0)
    let milliseconds = min(tag.milliseconds ?? 3_600_000, 86_400_000)
    let whole = Recording(name: name, milliseconds: milliseconds, chapters: tag.chapters)
    // A start writes the tag of a recording that a crash has left again.
    let restored = Recording(name: name, milliseconds: milliseconds, restoring: tag.chapters)
    for recording in [whole, restored] {
      _ = CueSheet(recording).text
      precondition(ID3Tag(recording, isFinished: true).bytes.count == ID3Tag.length)
    }
    let again = ID3Reader(ID3Tag(restored, isFinished: true).bytes)
    precondition(again?.chapters.compactMap(\.title).count == restored.titled.count)
  }

  /// A form with the boundary x: one octet says the size of the pieces. And the first bytes, name, title and record of an upload.
  private static func upload(_ input: [UInt8]) {
    let size = Int(input.first ?? 0) + 1
    let form = input.dropFirst()
    var failures: [FormParser.Malformed?] = []
    var contents: [[UInt8]] = []
    for step in [size, form.count + 1] {
      var (parser, rest, content) = (FormParser(FormBoundary("multipart/form-data; boundary=x")!), form, [UInt8]())
      do throws(FormParser.Malformed) {
        while !rest.isEmpty {
          for event in try parser.read(rest.prefix(step)) {
            if case .content(let bytes) = event { content += bytes }
          }
          rest = rest.dropFirst(step)
        }
        try parser.finish()
        failures.append(nil)
      } catch {
        failures.append(error)
      }
      precondition(content.count <= form.count)
      contents.append(content)
    }
    // A form is read alike whatever the network cuts.
    precondition(failures[0] == failures[1] && (failures[0] != nil || contents[0] == contents[1]))
    _ = SoundFormat(form)
    if let boundary = FormBoundary(text(form)) { precondition(FormBoundary(text(form)) == boundary) }
    if let name = UploadName(id: text(form)) { precondition(!name.id.contains("/") && !name.id.contains(".")) }
    for title in [UploadTitle(text(form)), UploadTitle(fileName: text(form))].compactMap(\.self) {
      precondition(
        title.text.utf8.count <= UploadTitle.longest && title.text.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F })
    }
    if let upload = Upload(record: Array(form)) {
      precondition(Upload(record: Array(upload.record.text.utf8)) == upload)
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
        case .peaks(let sequence): "\(folder)/\(sequence).peaks"
        case .ringPeaks: "\(stream)/ring.peaks"
        case .played: "\(stream)/played.json"
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

  /// A playlist of files.
  private static func m3u(_ input: [UInt8]) {
    let list = M3U(input, folder: "music", atMost: 3)
    precondition(list.files.count <= 3)
    for file in list.files {
      precondition(file.path.begins(with: "/") || file.path.begins(with: "music/"))
      precondition(!file.path.unicodeScalars.contains { $0 == "\n" || $0 == "\r" || $0 == "\0" })
      precondition(file.title?.isEmpty != true)
    }
  }

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
