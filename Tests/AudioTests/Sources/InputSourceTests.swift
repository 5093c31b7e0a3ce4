import Audio
import Core
import Glibc
import Synchronization
import System
import Testing

/// Real threads and descriptors. What comes in when is not asserted, only what comes of it.
@Suite struct InputSourceTests {
  private static let stereo = PCMFormat(sampleRate: 48_000, channels: 2)

  private final class Events: Sendable {
    private let list = Mutex<[SourceEvent]>([])
    func note(_ event: SourceEvent) { list.withLock { $0.append(event) } }
    var all: [SourceEvent] { list.withLock { $0 } }
    var remarks: [String] { all.compactMap { if case .remark(let text) = $0 { text } else { nil } } }
    var hasLoss: Bool { all.contains { if case .deviceLost = $0 { true } else { false } } }
    var isBack: Bool { all.contains { if case .deviceBack = $0 { true } else { false } } }
  }

  private func source(
    _ place: InputChoice.Place, _ events: Events = Events(), change: (inout InputChoice) -> Void = { _ in }
  ) throws -> InputSource {
    var choice = InputChoice(place, raw: RawSound(SampleLayout(.int16), Self.stereo), blockSize: 480)
    change(&choice)
    return try InputSource(choice, likely: Self.stereo) { events.note($0) }
  }

  /// Reads the source to its end; silence that it makes up does not count.
  private func readAll(_ source: inout InputSource) throws -> [Int32] {
    var (all, block): ([Int32], [Int32]) = ([], [])
    while true {
      switch try source.read(into: &block, stop: StopSignal()) {
      case .sound: all += block
      case .filling: break
      case .end: return all
      }
    }
  }

  /// Writes these bytes into a pipe, in odd lumps, and reads what comes out.
  private func piped(_ bytes: [UInt8], _ events: Events = Events(), change: (inout InputChoice) -> Void = { _ in })
    throws
    -> [Int32]
  {
    var ends: [Int32] = [0, 0]
    try #require(pipe(&ends) == 0)
    let writer = ends[1]
    let thread = NamedThread(name: "writer") {
      var (rest, lump) = (bytes[...], 1)
      while !rest.isEmpty {
        let part = Array(rest.prefix(lump))
        rest = rest.dropFirst(part.count)
        _ = part.withUnsafeBytes { Glibc.write(writer, $0.baseAddress, $0.count) }
        lump = lump % 97 + 3
      }
      close(writer)
    }
    var source = try source(.descriptor(ends[0]), events, change: change)
    let read = try readAll(&source)
    thread.join()
    close(ends[0])
    return read
  }

  private static let samples = (0..<4000).map { Int16(truncatingIfNeeded: $0 &* 7919) }
  private static let bytes = samples.flatMap { sample -> [UInt8] in
    [UInt8(truncatingIfNeeded: sample), UInt8(truncatingIfNeeded: sample >> 8)]
  }

  @Test func `bytes that come in odd lumps make the same samples, and half a frame at the end is dropped`() throws {
    #expect(try piped(Self.bytes + [1, 2, 3]) == Self.samples.map { Int32($0) << 16 })
  }

  @Test func `the header of a WAV file tells the format, and the chunks behind the sound are none`() throws {
    let header = WAVHeaderTests.file(
      WAVHeaderTests.chunk("fmt ", WAVHeaderTests.format(channels: 1, rate: 44_100)),
      WAVHeaderTests.chunk("data", Self.bytes), WAVHeaderTests.chunk("LIST", [1, 2, 3, 4]))
    let events = Events()
    #expect(try piped(header, events) == Self.samples.map { Int32($0) << 16 })
    #expect(events.all.isEmpty)
  }

  @Test func `one WAV file after the other is played, and what is no sound is left out with a word`() throws {
    let (first, second) = (wav(1000, seconds: 0.1), wav(-2000, seconds: 0.1))
    let events = Events()
    let read = try piped(first + second + [0xAA, 0xBB, 0xCC, 0xDD], events)
    #expect(read == [Int32](repeating: 1000 << 16, count: 800) + [Int32](repeating: -2000 << 16, count: 800))
    #expect(events.remarks == ["4 bytes came behind the sound that its header names: they are not played"])
  }

  @Test func `a WAV file that is cut off is told`() throws {
    let header = WAVHeaderTests.file(
      WAVHeaderTests.chunk("fmt ", WAVHeaderTests.format()), WAVHeaderTests.chunk("data", Self.bytes, size: 8004))
    let events = Events()
    #expect(try piped(header, events) == Self.samples.map { Int32($0) << 16 })
    #expect(events.remarks == ["it is cut off: its header names 4 bytes of sound more than came"])
  }

  @Test func `raw sound may have any layout, and its channels may be chosen`() throws {
    let bytes = (0..<600).flatMap { frame -> [UInt8] in [UInt8(128 + frame % 3), 128, 129] }
    let read = try piped(bytes) { choice in
      choice.raw = RawSound(SampleLayout(.uint8), PCMFormat(sampleRate: 8000, channels: 3))
      choice.channels = [1]
    }
    #expect(read == (0..<600).map { Int32($0 % 3) << 24 })
  }

  @Test func `the channels of a WAV file are chosen from its own, however many raw sound would have`() throws {
    let file = WAVHeaderTests.file(
      WAVHeaderTests.chunk("fmt ", WAVHeaderTests.format(channels: 4, rate: 8000)),
      WAVHeaderTests.chunk("data", Self.bytes))
    let read = try piped(file) { $0.channels = [4] }
    #expect(read == stride(from: 3, to: 4000, by: 4).map { Int32(Self.samples[$0]) << 16 })
  }

  @Test func `another format is refused with the command that converts it`() {
    let error = #expect(throws: SourceError.self) { try piped(Array("fLaC".utf8) + [UInt8](repeating: 0, count: 9000)) }
    #expect(
      error?.description
        == "stdin: it begins like FLAC, which is not read: convert it: ffmpeg -i - -f wav - | ringcast --source stdin")
  }

  @Test func `a raised stop ends a read that waits`() throws {
    var ends: [Int32] = [0, 0]
    #expect(pipe(&ends) == 0)
    let stop = StopSignal()
    stop.raise()
    var source = try source(.descriptor(ends[0]))
    var block: [Int32] = [1]
    #expect(try source.read(into: &block, stop: stop) == .end)
    #expect(block.isEmpty)
    ends.forEach { close($0) }
  }

  /// A folder that is there for the length of `body`.
  private func withFolder(_ body: (String) throws -> Void) throws {
    var name = Array("/tmp/input.XXXXXX".utf8CString)
    try #require(mkdtemp(&name) != nil)
    let path = String(decoding: name.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    defer {
      for file in ["a.wav", "b.wav", "pipe"] { unlink("\(path)/\(file)") }
      rmdir(path)
    }
    try body(path)
  }

  private func write(_ bytes: [UInt8], to path: String) {
    let file = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    _ = Glibc.write(file, bytes, bytes.count)
    close(file)
  }

  /// A WAV file of 16-bit mono at 8 kHz, all of one value.
  private func wav(_ value: Int, seconds: Double) -> [UInt8] {
    let sound = (0..<Int(8000 * seconds)).flatMap { _ in WAVHeaderTests.number(value, 2) }
    return WAVHeaderTests.file(
      WAVHeaderTests.chunk("fmt ", WAVHeaderTests.format(channels: 1, rate: 8000)), WAVHeaderTests.chunk("data", sound))
  }

  /// Reads until the condition holds for a block; bounded by the stream's length, not by a clock.
  private func read(
    _ source: inout InputSource, seconds: Int = 60, until holds: (_ block: [Int32], _ reading: Reading) throws -> Bool
  ) throws {
    var (block, frames): ([Int32], Int) = ([], 0)
    while frames < seconds * source.format.sampleRate {
      let reading = try source.read(into: &block, stop: StopSignal())
      if try holds(block, reading) { return }
      try #require(reading != .end)
      frames += block.count / source.format.channels
    }
    Issue.record("it did not happen")
  }

  private func end(_ source: inout InputSource) throws {
    let stop = StopSignal()
    stop.raise()
    var block: [Int32] = []
    #expect(try source.read(into: &block, stop: stop) == .end)
  }

  @Test func `a file that is not there yet is silence until it is, in the format of the stream`() throws {
    try withFolder { folder in
      let events = Events()
      var source = try source(.path("\(folder)/a.wav"), events)
      #expect(source.format == Self.stereo)
      #expect(events.all == [.deviceLost(reason: "file:\(folder)/a.wav: No such file or directory")])
      try read(&source) { _, reading in reading == .filling }
      write(wav(1000, seconds: 0.5), to: "\(folder)/a.wav")
      try read(&source) { block, reading in reading == .sound && block.contains { $0 > 900 << 16 } }
      #expect(events.isBack)
      try read(&source) { _, reading in reading == .end }
    }
  }

  @Test func `a file that is written anew while it is played is played from its beginning`() throws {
    try withFolder { folder in
      let events = Events()
      write(wav(1000, seconds: 2), to: "\(folder)/a.wav")
      var source = try source(.path("\(folder)/a.wav"), events) { $0.loops = true }
      try read(&source) { block, _ in block.first == 1000 << 16 }
      write(wav(-2000, seconds: 0.25), to: "\(folder)/a.wav")
      try read(&source) { block, reading in reading == .sound && block.first == -2000 << 16 }
      #expect(events.hasLoss && events.isBack)
      try end(&source)
    }
  }

  @Test func `a file that was put in the place of another is played from the next round on, without silence`() throws {
    try withFolder { folder in
      let events = Events()
      write(wav(1000, seconds: 0.5), to: "\(folder)/a.wav")
      write(wav(-2000, seconds: 0.5), to: "\(folder)/b.wav")
      var source = try source(.path("\(folder)/a.wav"), events) { $0.loops = true }
      try read(&source) { block, _ in block.first == 1000 << 16 }
      rename("\(folder)/b.wav", "\(folder)/a.wav")
      try read(&source) { block, reading in
        #expect(reading == .sound)
        return block.first == -2000 << 16
      }
      unlink("\(folder)/a.wav")
      var rounds = 0
      try read(&source) { _, reading in
        rounds += 1
        return rounds == 30 && reading == .sound
      }
      #expect(!events.hasLoss)
      try end(&source)
    }
  }

  @Test func `a file that is still written is played to the end that it has then`() throws {
    try withFolder { folder in
      let path = "\(folder)/a.wav"
      var file = wav(1000, seconds: 0.5)
      // The recorder names no length before it is done.
      file.replaceSubrange(40..<44, with: [0, 0, 0, 0])
      write(file, to: path)
      var source = try source(.path(path))
      var (block, all): ([Int32], [Int32]) = ([], [])
      _ = try source.read(into: &block, stop: StopSignal())
      all += block
      let more = open(path, O_WRONLY | O_APPEND)
      let sound = (0..<4000).flatMap { _ in WAVHeaderTests.number(500, 2) }
      _ = Glibc.write(more, sound, sound.count)
      close(more)
      all += try readAll(&source)
      #expect(all.count == 8000 && all.last == 500 << 16)
    }
  }

  @Test func `a long block of ADPCM is handed on in short pieces`() throws {
    try withFolder { folder in
      let format = WAVHeaderTests.format(tag: 0x11, channels: 1, rate: 44_100, bits: 4, align: 2048)
      let file = WAVHeaderTests.file(
        WAVHeaderTests.chunk("fmt ", format), WAVHeaderTests.chunk("data", [UInt8](repeating: 0, count: 2 * 2048)))
      write(file, to: "\(folder)/a.wav")
      var source = try source(.path("\(folder)/a.wav"))
      var (block, sizes, reading): ([Int32], [Int], Reading) = ([], [], .filling)
      while reading != .end {
        reading = try source.read(into: &block, stop: StopSignal())
        if reading == .sound { sizes.append(block.count) }
      }
      // A block of IMA has a frame in its four bytes of head, and two in each other byte.
      #expect(sizes.reduce(0, +) == 2 * (1 + 2 * 2044) && sizes.max() == 480)
    }
  }

  @Test func `a file whose rate takes too large a table is lost until another one is there`() throws {
    try withFolder { folder in
      let (path, events) = ("\(folder)/a.wav", Events())
      write(wav(1000, seconds: 0.25), to: path)
      let odd = WAVHeaderTests.file(
        WAVHeaderTests.chunk("fmt ", WAVHeaderTests.format(channels: 1, rate: 47_999)),
        WAVHeaderTests.chunk("data", Self.bytes))
      write(odd, to: "\(folder)/b.wav")
      var source = try source(.path(path), events) { $0.loops = true }
      try read(&source) { block, _ in block.first == 1000 << 16 }
      rename("\(folder)/b.wav", path)
      try read(&source) { _, reading in reading == .filling && events.hasLoss }
      let reason = "file:\(path): its sample rate of 47999 Hz is not converted to 8000 Hz"
      #expect(events.all.contains(.deviceLost(reason: reason)))
      write(wav(-2000, seconds: 0.25), to: "\(folder)/b.wav")
      rename("\(folder)/b.wav", path)
      try read(&source) { block, reading in reading == .sound && block.first == -2000 << 16 }
      try end(&source)
    }
  }

  @Test func `a loop of one frame is the frame again and again`() throws {
    try withFolder { folder in
      write(wav(1000, seconds: 1 / 8000), to: "\(folder)/a.wav")
      var source = try source(.path("\(folder)/a.wav")) { $0.loops = true }
      try read(&source) { block, _ in
        #expect(block == [Int32](repeating: 1000 << 16, count: 480))
        return true
      }
      try end(&source)
    }
  }

  @Test func `a named pipe waits for a writer, and for the next one`() throws {
    try withFolder { folder in
      let (path, events) = ("\(folder)/pipe", Events())
      try #require(mkfifo(path, 0o600) == 0)
      var source = try source(.path(path), events)
      for value in [1000, -2000] {
        let bytes = wav(value, seconds: 0.2)
        NamedThread(name: "writer") {
          let file = open(path, O_WRONLY)
          _ = Glibc.write(file, bytes, bytes.count)
          close(file)
        }.detach()
        try read(&source) { block, reading in
          reading == .sound && block.contains { abs($0 - Int32(value) << 16) < 100 << 16 }
        }
      }
      // The second writer may come before the first one is missed.
      try read(&source) { _, reading in reading == .filling && events.hasLoss }
      try end(&source)
    }
  }

  @Test func `a named pipe has a reader between two writers, so that the second one loses nothing`() throws {
    try withFolder { folder in
      let (path, events) = ("\(folder)/pipe", Events())
      try #require(mkfifo(path, 0o600) == 0)
      var source = try source(.path(path), events)
      let bytes = wav(1000, seconds: 0.2)
      NamedThread(name: "writer") {
        let file = open(path, O_WRONLY)
        _ = Glibc.write(file, bytes, bytes.count)
        close(file)
      }.detach()
      try read(&source) { _, reading in reading == .filling && events.hasLoss }
      // fifo(7): without a reader this fails with ENXIO.
      let second = open(path, O_WRONLY | O_NONBLOCK)
      #expect(second >= 0)
      close(second)
      try end(&source)
    }
  }

  @Test(
    arguments: [
      (Array("no sound at all, but a text that is long enough".utf8), "it is not a sound file"),
      ([], "it is not a sound file: it is empty"),
      (Array("OggS".utf8) + [UInt8](repeating: 0, count: 60), "it begins like Ogg, and it is not a sound file"),
    ] as [([UInt8], String)])
  func `a file of another kind is refused`(bytes: [UInt8], reason: String) throws {
    try withFolder { folder in
      write(bytes, to: "\(folder)/a.wav")
      let error = #expect(throws: SourceError.self) { try source(.path("\(folder)/a.wav")) }
      #expect(error?.isUnusable == true && error?.description.hasPrefix("file:\(folder)/a.wav: \(reason)") == true)
    }
  }

  @Test func `a device that is no file is no sound`() {
    #expect(throws: SourceError("file:/dev/null: it is neither a file nor a folder nor a pipe", isUnusable: true)) {
      try source(.path("/dev/null"))
    }
  }
}
