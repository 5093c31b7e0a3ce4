import Audio
import Testing

@Suite struct RecordingTests {
  @Test func `its frames come round and round`() throws {
    try TestRecording.withFile([1, 2, 3]) { path in
      let recording = try Recording(path: path)
      #expect(recording.count == 3)
      #expect(recording.frames(from: 2, count: 5) == [3, 1, 2, 3, 1].map { $0 << 16 })
    }
  }

  @Test(arguments: [44_100, 48_000])
  func `as a fallback it is brought to the source's format, as long as it is asked for`(rate: Int) throws {
    try TestRecording.withFile((0..<rate).map { _ in 8192 }, rate: rate) { path in
      let format = PCMFormat(sampleRate: 48_000, channels: 2)
      let recording = AwaitedRecording(path: path) { Issue.record("\($0)") }
      try recording.waitForFirstAttempt(atMost: nil)
      var fallback = RecordingFallback(recording, format: format)
      for size in [2, 960, 3000, 96_000, 200_000] {
        var block = [Int32](repeating: 7, count: size)
        fallback.fill(&block)
        #expect(block.count == size)
        // Away from its beginning.
        if size > 3000 { #expect(block.allSatisfy { abs(Double($0) - 0x1p29) < 0x1p20 }) }
      }
    }
  }

  @Test func `a file that is missing or no WAV file is an error that names it`() throws {
    #expect(throws: SourceError("file:/nowhere.wav: No such file or directory")) { try Recording(path: "/nowhere.wav") }
    #expect(throws: SourceError("file:/tmp: it is not a regular file", isUnusable: true)) {
      try Recording(path: "/tmp")
    }
  }
}
