import Audio
import HTTP
import Logging
import System
import Testing

@testable import Live

@Suite struct UploadAirTests {
  @Test func `the thread of an upload on the air ends when the stream stops`() throws {
    let temporary = TemporaryFolder()
    let folder = Folder(temporary.path)
    try folder.replace("passwords", Array("secret\n".utf8))
    // Two minutes of silent MP3 frames: 128 kbit/s at 44.1 kHz.
    let frame: [UInt8] = [0xFF, 0xFB, 0x90, 0x00] + [UInt8](repeating: 0, count: 413)
    try folder.replace("sound.mp3", Array(repeatElement(frame, count: 4600).joined()))
    let mount = try SourceMount(StreamSettings(), passwords: "\(temporary.path)/passwords", log: Log(level: .error))
    mount.attach(titles: NowPlayingMailbox(), events: .none)
    let connection = SourceConnection(SourceClient(upload: "A", format: .mp3, at: .now), to: mount)
    #expect(mount.admit(connection) == nil)
    let done = Semaphore()
    NamedThread(name: "air") { [path = "\(temporary.path)/sound.mp3"] in
      UploadAir.send(path, to: connection)
      done.post()
    }.detach()
    // Nobody plays the sound: all queues fill, and the sender is told to pause. Then the latest bytes are always new.
    for _ in 0..<3000 {
      Clock.sleep(until: (MonotonicTime.now + .milliseconds(20)).nanoseconds)
      if MonotonicTime.now - connection.arrived < .milliseconds(5) { break }
    }
    #expect(!done.wait(atMost: .zero))
    mount.stop()
    #expect(done.wait(atMost: .seconds(60)))
  }
}
