import Codec
import HTTP
import Testing

@testable import Live

@Suite struct ICYMetadataTests {
  @Test(arguments: [
    // 13 bytes before the title and 2 after it.
    ("", 1, "StreamTitle='';"), ("a", 1, "StreamTitle='a';"), ("ab", 2, "StreamTitle='ab';"),
    ("Ø", 2, "StreamTitle='Ø';"), ("Don't stop", 2, "StreamTitle='Don't stop';"), ("'", 1, "StreamTitle='''"),
  ])
  func `a title is padded with zeros to sixteens, which are counted before it`(
    title: String, sixteens: UInt8, beginning: String
  ) {
    let block = ICYMetadata.block(title)
    #expect(block[0] == sixteens && block.count == 1 + 16 * Int(sixteens))
    let text = block.dropFirst().prefix { $0 != 0 }
    #expect(String(decoding: text, as: UTF8.self).hasPrefix(beginning))
    #expect(block.dropFirst(1 + text.count).allSatisfy { $0 == 0 })
  }

  @Test func `what would end the title for a player does not stand in it`() {
    let text = String(decoding: ICYMetadata.block("it's;isn';t';"), as: UTF8.self)
    #expect(text.contains("StreamTitle='it's;isn’;t’;';"))
    let accented = ICYMetadata.block("a';\u{301}b")
    #expect(accented.count { $0 == UInt8(ascii: "'") } == 2)
  }

  @Test(arguments: [("a", 4065), ("é", 2032), ("😀", 1016)])
  func `a title is cut where no block would hold it, between two characters`(character: String, fits: Int) {
    for count in [fits, fits + 1, 3 * fits] {
      let block = ICYMetadata.block(String(repeating: character, count: count))
      #expect(block[0] == 255 && block.count == 1 + 255 * 16)
      let text = String(decoding: block.dropFirst().prefix { $0 != 0 }, as: UTF8.self)
      #expect(text == "StreamTitle='\(String(repeating: character, count: fits))';")
    }
  }

  @Test(arguments: [
    ("Müller – L’été…", "Müller - L'été..."),
    // Two spellings of one character.
    ("e\u{301}", "é"), ("語😀Ø", "??Ø"), ("€ “œ”", "EUR \"oe\""), ("", ""),
  ])
  func `for an old radio a title has the nearest characters of Latin-1`(title: String, radio: String) {
    let block = ICYMetadata.block(title, .latin1)
    let bytes = radio.unicodeScalars.map { UInt8($0.value) }
    #expect(block.dropFirst().prefix { $0 != 0 } == ArraySlice(Array("StreamTitle='".utf8) + bytes + Array("';".utf8)))
  }

  @Test func `in Latin-1, too, nothing within a title ends it`() {
    for title in ["it';s", "it’;s", "it‘;s"] {
      let text = ICYMetadata.block(title, .latin1).dropFirst().prefix { $0 != 0 }
      #expect(text.elementsEqual(Array("StreamTitle='it".utf8) + [0xB4] + Array(";s';".utf8)), "\(title)")
    }
  }

  @Test func `the head tells of the station, and keeps caches away`() {
    let rendition = Rendition(codec: .mp3, sampleRate: 48_000, channels: 2, kilobitsPerSecond: 96)
    let radio = ICYMetadata(stream: "live", rendition: rendition, for: .tokenHolders) { _ in "" }
    let fields = Dictionary(radio.headers.map { ($0.name, $0.value) }) { $1 }
    #expect(fields["Content-Type"] == "audio/mpeg" && fields["Cache-Control"] == "no-store")
    #expect(fields["Accept-Ranges"] == "none" && fields["Access-Control-Allow-Origin"] == "*")
    #expect(fields["icy-name"] == "live" && fields["icy-br"] == "96" && fields["icy-pub"] == "0")
    #expect(fields["Vary"] == "Authorization, Cookie")
  }

  @Test(arguments: [(ICYEncoding.utf8, "Café “1”"), (.latin1, "Café \"1\"")])
  func `the head has the texts of the station in the encoding of the titles`(encoding: ICYEncoding, name: String) throws
  {
    var identity = Identity()
    try identity.set(name: "Café “1”")
    try identity.set(genre: "Jazz")
    try identity.set(homepage: "https://radio.example/")
    let rendition = Rendition(codec: .mp3, sampleRate: 48_000, channels: 2, kilobitsPerSecond: 96)
    let radio = ICYMetadata(
      stream: "live", identity, rendition: rendition, for: .everybody, encoding: encoding
    ) { _ in "" }
    let fields = Dictionary(radio.headers.map { ($0.name, $0.value) }) { $1 }
    #expect(fields["icy-name"] == name && fields["icy-genre"] == "Jazz")
    #expect(fields["icy-url"] == "https://radio.example/" && fields["icy-description"] == nil)
  }
}
