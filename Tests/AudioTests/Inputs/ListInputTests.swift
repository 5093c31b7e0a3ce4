import CSndFile
import Glibc
import Testing

@testable import Audio

/// Lists of files, read without a thread.
@Suite struct ListInputTests {
  /// A sound that is not periodic.
  private static func samples(_ count: Int, from start: Int = 0) -> [Int32] {
    (start..<start + count).map { Int32($0 * 7919 % 32_768) << 16 }
  }

  private func choice(_ path: String, _ change: (inout InputChoice) -> Void = { _ in }) -> InputChoice {
    let format = PCMFormat(sampleRate: 48_000, channels: 2)
    var choice = InputChoice(.path(path), raw: RawSound(SampleLayout(.int16), format), blockSize: 480)
    choice.listChannels = 1
    change(&choice)
    return choice
  }

  private func open(_ choice: InputChoice) throws -> any Input {
    try InputOpener(choice: choice).open(after: nil) { false }
  }

  /// The sound to the end, or as many frames as are wanted, and the events with the frames that came before.
  private func read(_ input: any Input, atMost limit: Int = .max) throws -> (
    frames: [Int32], events: [(Int, SourceEvent)]
  ) {
    var (frames, events): ([Int32], [(Int, SourceEvent)]) = ([], [])
    while frames.count < limit {
      var block: [Int32] = []
      let arrival = try input.read(into: &block)
      events += input.takeEvents().map { (frames.count, $0) }
      frames += block
      if case .end = arrival { break }
    }
    input.close()
    return (frames, events)
  }

  private func titles(_ events: [(Int, SourceEvent)]) -> [Int: SoundTitle] {
    var titles: [Int: SoundTitle] = [:]
    for case (let place, .title(let title)) in events { titles[place] = title }
    return titles
  }

  private func remarks(_ events: [(Int, SourceEvent)]) -> [String] {
    events.compactMap { if case .remark(let text) = $0.1 { text } else { nil } }
  }

  @Test func `files of one rate follow each other without a lost or an invented sample, with their titles`() throws {
    try TestSound.withFolder { folder in
      let all = Self.samples(10_000)
      mkdir("\(folder)/b", 0o700)
      try TestSound(title: "One", artist: "Band").write(Array(all[..<3001]), to: "\(folder)/a.flac")
      let aiff = Int(SF_FORMAT_AIFF) | Int(SF_FORMAT_PCM_16)
      try TestSound(format: aiff).write(Array(all[3001..<3002]), to: "\(folder)/b/two.aiff")
      let wav = Int(SF_FORMAT_WAV) | Int(SF_FORMAT_PCM_16)
      try TestSound(format: wav, title: "Three").write(Array(all[3002..<7000]), to: "\(folder)/c.wav")
      try TestSound().write(Array(all[7000...]), to: "\(folder)/d.flac")
      let (frames, events) = try read(open(choice(folder)))
      #expect(frames == all)
      #expect(remarks(events).isEmpty)
      #expect(
        titles(events) == [
          0: SoundTitle(title: "One", artist: "Band"), 3001: SoundTitle(title: "two"), 3002: SoundTitle(title: "Three"),
          7000: SoundTitle(title: "d"),
        ])
    }
  }

  @Test func `mono is copied to both channels, and another rate is as long as before`() throws {
    try TestSound.withFolder { folder in
      try TestSound(rate: 44_100).write(Self.samples(4410), to: "\(folder)/a.flac")
      try TestSound(rate: 48_000, channels: 2).write(Self.samples(9600), to: "\(folder)/b.flac")
      try TestSound(rate: 44_100).write(Self.samples(100), to: "\(folder)/c.flac")
      let input = try open(choice(folder) { $0.listChannels = nil })
      #expect(input.format == PCMFormat(sampleRate: 44_100, channels: 2))
      let (frames, events) = try read(input)
      #expect(Array(frames[..<8820]) == Self.samples(4410).flatMap { [$0, $0] })
      // 4800 frames at 48 kHz are 4410 frames at 44.1 kHz.
      #expect(frames.count == 2 * (4410 + 4410 + 100))
      #expect(Array(frames.suffix(200)) == Self.samples(100).flatMap { [$0, $0] })
      #expect(titles(events).keys.sorted() == [0, 2 * 4410, 4 * 4410])
    }
  }

  @Test func `a file that cannot be read is skipped with a line, once`() throws {
    try TestSound.withFolder { folder in
      try TestSound().write(Self.samples(1000), to: "\(folder)/b.flac")
      let file = Glibc.open("\(folder)/a.mp3", O_WRONLY | O_CREAT, 0o600)
      _ = write(file, "this is no sound, whatever the name says", 40)
      close(file)
      // The picture of a cover is no sound file.
      close(Glibc.open("\(folder)/cover.jpg", O_WRONLY | O_CREAT, 0o600))
      let (frames, events) = try read(open(choice(folder) { $0.loops = true }), atMost: 3000)
      #expect(Array(frames[..<3000]) == Self.samples(1000) + Self.samples(1000) + Self.samples(1000))
      #expect(remarks(events).count == 1)
      #expect(
        remarks(events)[0].hasPrefix("file:\(folder)/a.mp3 is skipped: it is not a sound file that libsndfile reads"))
    }
  }

  @Test func `a folder without a file that can be read is an error that may be over later`() throws {
    try TestSound.withFolder { folder in
      let empty = #expect(throws: SourceError.self) { try open(choice(folder)) }
      #expect(empty == SourceError("it holds no sound file"))
      close(Glibc.open("\(folder)/a.wav", O_WRONLY | O_CREAT, 0o600))
      let none = #expect(throws: SourceError.self) { try open(choice(folder)) }
      #expect(
        none
          == SourceError(
            "its one file cannot be read: file:\(folder)/a.wav: it is not a sound file: it is empty"))
    }
  }

  /// The bytes of a FLAC file in front of its first frame (RFC 9639 §8).
  private func writeHead(ofFLAC path: String, to place: String) throws {
    let file = Glibc.open(path, O_RDONLY)
    defer { close(file) }
    var bytes = [UInt8](repeating: 0, count: 65_536)
    let count = Glibc.read(file, &bytes, bytes.count)
    var (offset, isLast) = (4, false)
    while !isLast {
      try #require(offset + 4 <= count)
      isLast = bytes[offset] & 0x80 != 0
      offset += 4 + bytes[offset + 1..<offset + 4].reduce(0) { $0 << 8 | Int($1) }
    }
    try #require(offset < count)
    let head = Glibc.open(place, O_WRONLY | O_CREAT, 0o600)
    defer { close(head) }
    try #require(write(head, bytes, offset) == offset)
  }

  @Test func `files without a frame have no title, and a list of nothing else is an error`() throws {
    try TestSound.withFolder { folder in
      try TestSound(rate: 48_000, title: "Whole").write(Self.samples(1000), to: "\(folder)/whole")
      try writeHead(ofFLAC: "\(folder)/whole", to: "\(folder)/a.flac")
      try writeHead(ofFLAC: "\(folder)/whole", to: "\(folder)/b.flac")
      let error = #expect(throws: SourceError.self) {
        _ = try read(open(choice(folder) { $0.loops = true }), atMost: 10)
      }
      #expect(error?.description.hasPrefix("none of its 2 files can be read: file:\(folder)/b.flac: ") == true)
      try #require(rename("\(folder)/whole", "\(folder)/c.flac") == 0)
      let (frames, events) = try read(open(choice(folder) { $0.loops = true }), atMost: 2000)
      #expect(Array(frames[..<2000]) == Self.samples(1000) + Self.samples(1000))
      #expect(Set(titles(events).values.map(\.title)) == ["Whole"])
      #expect(remarks(events).count == 2)
    }
  }

  @Test func `a file whose rate takes too large a table is skipped with both rates`() throws {
    try TestSound.withFolder { folder in
      try TestSound(rate: 47_999).write(Self.samples(1000), to: "\(folder)/a.flac")
      try TestSound(rate: 48_000).write(Self.samples(500), to: "\(folder)/b.flac")
      let (frames, events) = try read(open(choice(folder)))
      #expect(frames == Self.samples(500))
      #expect(
        remarks(events) == [
          "file:\(folder)/a.flac is skipped: its sample rate of 47999 Hz is not converted to 48000 Hz"
        ])
    }
  }

  @Test func `a playlist that is too long is refused with the limit`() throws {
    try TestSound.withFolder { folder in
      let file = Glibc.open("\(folder)/list.m3u", O_WRONLY | O_CREAT, 0o600)
      try #require(ftruncate(file, 4 << 20 + 1) == 0)
      close(file)
      #expect(throws: SourceError("it is longer than 4 MiB, the most that a playlist may have")) {
        try open(choice("\(folder)/list.m3u"))
      }
    }
  }

  @Test func `each round looks at the folder again`() throws {
    try TestSound.withFolder { folder in
      try TestSound().write(Self.samples(1000), to: "\(folder)/a.flac")
      let input = try open(choice(folder) { $0.loops = true })
      var (frames, block): ([Int32], [Int32]) = ([], [])
      while frames.count < 1000 {
        block = []
        _ = try input.read(into: &block)
        frames += block
      }
      try TestSound().write(Self.samples(500, from: 5000), to: "\(folder)/b.flac")
      // The round that has begun already is still without the new file.
      frames += try read(input, atMost: 2500).frames
      #expect(
        Array(frames[..<3500]) == Self.samples(1000) + Self.samples(1000) + Self.samples(1000)
          + Self.samples(500, from: 5000))
    }
  }

  @Test func `a playlist names files beside it, and their titles`() throws {
    try TestSound.withFolder { folder in
      try TestSound(title: "Tag").write(Self.samples(1000), to: "\(folder)/a.flac")
      try TestSound(title: "Tag").write(Self.samples(500), to: "\(folder)/b.flac")
      let text = "#EXTM3U\n#EXTINF:1,Named here\nb.flac\n\(folder)/a.flac\nhttp://host/c.mp3\nmissing.ogg\n"
      let file = Glibc.open("\(folder)/list.m3u", O_WRONLY | O_CREAT, 0o600)
      _ = write(file, text, text.utf8.count)
      close(file)
      let (frames, events) = try read(open(choice("\(folder)/list.m3u")))
      #expect(frames == Self.samples(500) + Self.samples(1000))
      #expect(titles(events) == [0: SoundTitle(title: "Named here"), 500: SoundTitle(title: "Tag")])
      #expect(
        remarks(events) == [
          "it names 1 URL: a playlist may name files alone",
          "file:\(folder)/missing.ogg is skipped: No such file or directory",
        ])
    }
  }

  @Test func `a loop of a decoded file has no seam`() throws {
    try TestSound.withFolder { folder in
      try TestSound(title: "One").write(Self.samples(700), to: "\(folder)/a.flac")
      let (frames, events) = try read(open(choice("\(folder)/a.flac") { $0.loops = true }), atMost: 2100)
      #expect(Array(frames[..<2100]) == Self.samples(700) + Self.samples(700) + Self.samples(700))
      #expect(titles(events) == [0: SoundTitle(title: "One")])
    }
  }

  @Test func `a looped file that is written anew in its place with other channels is opened anew`() throws {
    try TestSound.withFolder { folder in
      let path = "\(folder)/a.flac"
      try TestSound(rate: 48_000).write(Self.samples(700), to: path)
      let input = try open(choice(path) { $0.loops = true })
      defer { input.close() }
      var block: [Int32] = []
      _ = try input.read(into: &block)
      // Longer than before.
      try TestSound(rate: 48_000, channels: 2).write(Self.samples(9000), to: path)
      var isReplaced = false
      for _ in 0..<100 where !isReplaced {
        block = []
        if case .replaced = try input.read(into: &block) { isReplaced = true }
        #expect(block.count <= 480)
      }
      #expect(isReplaced)
    }
  }
}
