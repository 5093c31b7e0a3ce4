import Glibc
import HLS
import Logging
import System
import Testing

@testable import Live

@Suite struct MetadataTextTests {
  @Test(arguments: [
    ("title=Bolero\nartist=Ravel\n", "Bolero", "Ravel"),
    ("ARTIST = Ravel\r\nalbum=a=b\r\nTitle = x=y\r\n", "x=y", "Ravel"),
    ("Ravel - Bolero\n", "Ravel - Bolero", nil), ("\n  \n Bolero \nsecond line\n", "Bolero", nil),
    ("\u{FEFF}title=Bolero", "Bolero", nil), ("\u{FEFF}Bolero", "Bolero", nil), ("title=a\ntitle=b", "a", nil),
    ("artist=Ravel", nil, "Ravel"), ("title=\nartist=", nil, nil), ("", nil, nil), ("E=mc²", "E=mc²", nil),
  ])
  func `says what plays`(text: String, title: String?, artist: String?) throws {
    let playing = try NowPlaying(text: text)
    #expect(playing.title == title && playing.artist == artist)
  }

  @Test func `or something that can't be told`() {
    #expect(throws: NowPlaying.Mistake(name: "title")) { try NowPlaying(text: "a\tb") }
    #expect(throws: NowPlaying.Mistake(name: "artist")) { try NowPlaying(text: "artist=\u{1B}") }
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
    let (text, other) = (content("a"), StableFileReader.Look.content([0xC3]))
    #expect(
      findings(text, text, gone, gone, gone, text, text, other, other)
        == [nil, a, nil, lost, nil, nil, a, nil, .nothing("it is not UTF-8")])
  }
}

@Suite struct NowPlayingFileTests {
  private let temporary = TemporaryFolder()

  /// Waits until that plays; a minute at most.
  private func wait(_ titles: NowPlayingMailbox, _ title: String?) -> Bool {
    for _ in 0..<6000 where titles.latest.title != title { usleep(10_000) }
    return titles.latest.title == title
  }

  @Test func `a file is read when it comes and when it changes, and what it said last stays`() throws {
    let (folder, titles) = (Folder(temporary.path), NowPlayingMailbox())
    let file = NowPlayingFile("\(temporary.path)/playing.txt", for: titles, log: Log(level: .error))
    defer { file.stop() }
    try folder.replace("playing.txt", Array("title=Bolero\n".utf8))
    #expect(wait(titles, "Bolero"))
    try folder.remove("playing.txt")
    try folder.replace("playing.txt", [UInt8](repeating: UInt8(ascii: "a"), count: 5000))
    try folder.replace("playing.txt", Array("La valse\n".utf8))
    #expect(wait(titles, "La valse"))
  }

  @Test func `a file that is too long is not read`() throws {
    try Folder(temporary.path).replace("long", [UInt8](repeating: 0, count: 4097))
    #expect(throws: SystemError.self) { try File.read("\(temporary.path)/long", atMost: 4096) }
    #expect(throws: SystemError.self) { try File.read("/dev/zero", atMost: 4096) }
    #expect(try File.read("\(temporary.path)/long", atMost: 4097).count == 4097)
  }
}
