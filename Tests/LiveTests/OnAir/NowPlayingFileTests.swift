import Glibc
import HLS
import Logging
import Synchronization
import System
import Testing

@testable import Live

@Suite struct MetadataTextTests {
  @Test(arguments: [
    ("title=Bolero\nartist=Ravel\n", "Bolero", "Ravel"), ("title=\u{0619}x", "\u{0619}x", nil),
    ("ARTIST = Ravel\r\nalbum=a=b\r\nTitle = x=y\r\n", "x=y", "Ravel"),
    ("Ravel - Bolero\n", "Ravel - Bolero", nil), ("\n  \n Bolero \nsecond line\n", "Bolero", nil),
    ("\u{FEFF}title=Bolero", "Bolero", nil), ("\u{FEFF}Bolero", "Bolero", nil), ("title=a\ntitle=b", "a", nil),
    ("artist=Ravel", nil, "Ravel"), ("title=\nartist=", nil, nil), ("", nil, nil), ("E=mc²", "E=mc²", nil),
  ])
  func `says what plays`(text: String, title: String?, artist: String?) {
    let playing = NowPlaying(file: Array(text.utf8))
    #expect(playing.title == title && playing.artist == artist)
  }

  @Test(
    arguments: [
      ("a\tb", "a b", nil), ("artist=\u{1B}", nil, nil), ("title=\u{1B}[31mred\u{7}", "[31mred", nil),
      ("title=a\u{2028}b\u{B}c", "a b c", nil), ("Bolero\0\0\0\0", "Bolero", nil),
      ("title=" + String(repeating: "é", count: 200), String(repeating: "é", count: 128), nil),
    ] as [(String, String?, String?)])
  func `what can't be shown in a line is left out, and the rest is read`(text: String, title: String?, artist: String?)
  {
    let playing = NowPlaying(file: Array(text.utf8))
    #expect(playing.title == title && playing.artist == artist)
  }
}

@Suite struct ForeignTextTests {
  private static let grün: [UInt8] = [0x47, 0x72, 0xFC, 0x6E]

  /// UTF-16 with its bytes in one order or the other.
  private static func utf16(_ text: String, littleEndian: Bool) -> [UInt8] {
    text.utf16.flatMap { littleEndian ? [UInt8($0 & 0xFF), UInt8($0 >> 8)] : [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
  }

  private struct Case {
    let bytes: [UInt8]
    let lines: [String]

    init(_ bytes: [UInt8], _ lines: [String]) {
      (self.bytes, self.lines) = (bytes, lines)
    }
  }

  private static let größe = Array("Größe".utf8)
  private static let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
  private static let lineEnd: [UInt8] = [0x0D, 0x0A]
  private static let cases = [
    Case(größe, ["Größe"]), Case(grün, ["Grün"]), Case(mark + größe, ["Größe"]),
    // Each line is told for itself: two programs may have written them.
    Case(grün + lineEnd + größe + lineEnd, ["Grün", "Größe"]),
    // 0x80 to 0x9F are printable in Windows-1252.
    Case([0x93, 0x61, 0x94, 0x20, 0x96, 0x20, 0x80], ["“a” – €"]), Case([], []), Case(lineEnd, []),
    // Fields that are filled with zeros.
    Case(Array("Bolero\0\0\0".utf8), ["Bolero\0\0\0"]), Case([0], ["\0"]),
  ]

  @Test func `bytes are read as UTF-8, and else as Windows-1252`() {
    for example in Self.cases { #expect(ForeignText.lines(example.bytes) == example.lines) }
  }

  @Test(arguments: [true, false])
  func `UTF-16 is recognised`(littleEndian: Bool) {
    let text = Self.utf16("title=Für Elise 😀\r\nartist=ベートーヴェン\r\n", littleEndian: littleEndian)
    let mark: [UInt8] = littleEndian ? [0xFF, 0xFE] : [0xFE, 0xFF]
    let lines = ["title=Für Elise 😀", "artist=ベートーヴェン"]
    #expect(ForeignText.lines(mark + text) == lines)
    #expect(ForeignText.lines(text) == lines)
    // Cut within a character.
    #expect(ForeignText.lines(mark + text.dropLast(5))[0] == lines[0])
    #expect(ForeignText.lines(mark) == [])
  }
}

@Suite struct StableFileReaderTests {
  private func findings(_ looks: StableFileReader.Look...) -> [StableFileReader.Finding?] {
    var watch = StableFileReader()
    return looks.map { watch.take($0) }
  }

  private func content(_ text: String) -> StableFileReader.Look { .content(Array(text.utf8)) }

  @Test func `what two looks in a row find is believed, once`() throws {
    let (a, b) = (content("a"), content("b"))
    let (foundA, foundB) = (
      StableFileReader.Finding.playing(try NowPlaying(title: "a", artist: nil)),
      StableFileReader.Finding.playing(try NowPlaying(title: "b", artist: nil))
    )
    #expect(findings(a, a, a, b, b, a, a) == [nil, foundA, nil, nil, foundB, nil, foundA])
  }

  @Test func `what is only half written is not`() throws {
    let whole = StableFileReader.Finding.playing(try NowPlaying(title: "Bolero", artist: nil))
    #expect(findings(content(""), content("Bol"), content("Bolero"), content("Bolero")) == [nil, nil, nil, whole])
    // Empty for a moment, and then as it was.
    #expect(
      findings(content("Bolero"), content("Bolero"), content(""), content("Bolero"), content("Bolero"))
        == [nil, whole, nil, nil, nil])
  }

  @Test func `what is wrong with the file is told once, and when it is well again`() throws {
    let gone = StableFileReader.Look.failure("No such file or directory (open)")
    let lost = StableFileReader.Finding.nothing("No such file or directory (open)")
    let a = StableFileReader.Finding.playing(try NowPlaying(title: "a", artist: nil))
    let (text, other) = (content("a"), StableFileReader.Look.failure("File too large (read)"))
    #expect(
      findings(text, text, gone, gone, gone, text, text, other, other)
        == [nil, a, nil, lost, nil, nil, a, nil, .nothing("File too large (read)")])
  }
}

@Suite struct NowPlayingFileTests {
  private let temporary = TemporaryFolder()

  /// Waits until that plays; a minute at most.
  private func wait(_ titles: NowPlayingMailbox, _ title: String?) -> Bool {
    for _ in 0..<6000 where titles.latest.title != title { usleep(10_000) }
    return titles.latest.title == title
  }

  @Test func `a file is read when it comes and when it changes, and no title stays when it can't be read`() throws {
    let (folder, titles) = (Folder(temporary.path), NowPlayingMailbox())
    let file = NowPlayingFile("\(temporary.path)/playing.txt", for: titles, log: Log(level: .error))
    defer { file.stop() }
    try folder.replace("playing.txt", Array("title=Bolero\n".utf8))
    #expect(wait(titles, "Bolero"))
    try folder.remove("playing.txt")
    #expect(wait(titles, nil))
    try folder.replace("playing.txt", Array("La valse\n".utf8))
    #expect(wait(titles, "La valse"))
    try folder.replace("playing.txt", [UInt8](repeating: UInt8(ascii: "a"), count: 5000))
    #expect(wait(titles, nil))
    // A request names the title now, and the file tells nothing new.
    titles.set(try NowPlaying(title: "News", artist: nil))
    try folder.remove("playing.txt")
    try folder.replace("playing.txt", Array("Bolero\n".utf8))
    #expect(wait(titles, "Bolero"))
  }

  @Test func `no title is shown while the disk hangs, and then the title again`() throws {
    let titles = NowPlayingMailbox()
    let looks = Mutex(0)
    let (hangs, answers) = (Semaphore(), Semaphore())
    let file = NowPlayingFile("title.txt", for: titles, log: Log(level: .error)) { _ in
      // The third look hangs: two in a row count.
      if looks.withLock({
        $0 += 1; return $0 == 3
      }) {
        hangs.post()
        answers.wait()
      }
      return .content(Array("Bolero\n".utf8))
    }
    defer { file.stop() }
    hangs.wait()
    #expect(titles.latest.title == "Bolero")
    file.checkDisk(at: .now)
    #expect(titles.latest.title == "Bolero")
    file.checkDisk(at: .now + .seconds(5))
    #expect(titles.latest.title == nil)
    answers.post()
    #expect(wait(titles, "Bolero"))
  }

  @Test func `a file that is too long is not read`() throws {
    try Folder(temporary.path).replace("long", [UInt8](repeating: 0, count: 4097))
    #expect(throws: SystemError.self) { try File.read("\(temporary.path)/long", atMost: 4096) }
    #expect(throws: SystemError.self) { try File.read("/dev/zero", atMost: 4096) }
    #expect(try File.read("\(temporary.path)/long", atMost: 4097).count == 4097)
  }
}
