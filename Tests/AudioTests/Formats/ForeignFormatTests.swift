import Audio
import Glibc
import Testing

@Suite struct ForeignFormatTests {
  @Test(arguments: [
    ("fLaC", 0, "FLAC"), ("OggS", 0, "Ogg"), ("ID3", 0, "MP3"), ("AIFF", 8, "AIFF"), (".snd", 0, "AU"),
    ("ftyp", 4, "MP4"),
  ])
  func `formats are told by their first bytes`(mark: String, offset: Int, name: String) {
    let head = [UInt8](repeating: 1, count: offset) + Array(mark.utf8) + [UInt8](repeating: 0, count: 20)
    #expect(ForeignFormat.name(of: head) == name)
  }

  @Test func `a frame of MP3 is told by the frame that follows, and one number that looks like its sync is not`() {
    // MPEG-1, Layer III, 128 kbit/s, 44.1 kHz: 417 bytes.
    let frame = [0xFF, 0xFB, 0x90, 0x00] + [UInt8](repeating: 0, count: 413)
    #expect(ForeignFormat.name(of: frame + frame) == "MP3")
    #expect(ForeignFormat.name(of: frame + [UInt8](repeating: 0, count: 417)) == nil)
    #expect(ForeignFormat.name(of: [0xFF, 0xFB, 0x90, 0x00]) == nil)
  }

  @Test func `raw sound, silence and nothing are none of them`() {
    #expect(ForeignFormat.name(of: []) == nil)
    #expect(ForeignFormat.name(of: [UInt8](repeating: 0, count: 4096)) == nil)
    #expect(ForeignFormat.name(of: (0..<4096).map { UInt8(truncatingIfNeeded: $0 &* 7919) }) == nil)
  }
}

@Suite struct FloatGuessTests {
  private func bytes(_ words: [UInt32]) -> [UInt8] {
    words.flatMap { word in (0..<4).map { UInt8(truncatingIfNeeded: word >> ($0 * 8)) } }
  }

  @Test func `numbers between -1 and 1 are taken for float`() {
    let sound = (0..<1024).map { (Float($0 * 37 % 201) - 100) / 150 }
    #expect(FloatGuess.looksLikeFloat(bytes(sound.map(\.bitPattern))))
  }

  @Test func `so is a tone whose zeros are not quite zero`() {
    let tone = (0..<1024).map { Float(0.5 * sin(2 * Double.pi * Double($0) / 48)) }
    #expect(FloatGuess.looksLikeFloat(bytes(tone.map(\.bitPattern))))
  }

  @Test func `samples of 16 bits and silence are not`() {
    let sound = (0..<1024).map {
      UInt32(truncatingIfNeeded: $0 &* 7919) << 16 | UInt32(truncatingIfNeeded: $0 &* 104_729) & 0xFFFF
    }
    #expect(!FloatGuess.looksLikeFloat(bytes(sound)))
    #expect(!FloatGuess.looksLikeFloat([UInt8](repeating: 0, count: 4096)))
  }
}
