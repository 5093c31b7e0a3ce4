import Audio
import Glibc
import Synchronization
import System
import Testing

@Suite struct AwaitedRecordingTests {
  @Test func `a file that is missing is silence until the file is there, and each is told once`() throws {
    try TestRecording.withFile([1000, 1000, 1000]) { path in
      let missing = path + ".later"
      defer { unlink(missing) }
      let events = Mutex<[SourceEvent]>([])
      let told = Semaphore()
      let recording = AwaitedRecording(path: missing) { event in
        events.withLock { $0.append(event) }
        told.post()
      }
      try recording.waitForFirstAttempt(atMost: nil)
      told.wait()
      var fallback = RecordingFallback(recording, format: PCMFormat(sampleRate: 48_000, channels: 1))
      fallback.begin()
      var block: [Int32] = [7, 7]
      fallback.fill(&block)
      #expect(block == [0, 0])

      try #require(rename(path, missing) == 0)
      told.wait()
      fallback.fill(&block)
      #expect(block == [1000 << 16, 1000 << 16])
      #expect(
        events.withLock { $0 } == [
          .remark(
            "fallback file:\(missing): No such file or directory; silence is sent instead until it can be read"),
          .remark("fallback file:\(missing): it can be read now"),
        ])
    }
  }

  @Test func `a file that is no recording is an error at once`() throws {
    let recording = AwaitedRecording(path: "/tmp") { _ in }
    #expect(throws: SourceError("file:/tmp: it is not a regular file", isUnusable: true)) {
      try recording.waitForFirstAttempt(atMost: nil)
    }
  }
}
