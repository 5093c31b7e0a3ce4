import Synchronization
import System
import Testing

@testable import HTTP

@Suite struct FileReadersTests {
  /// A disk that hangs until it is released.
  private final class Disk: Sendable {
    let isAsked = Semaphore()
    let gate = Semaphore()
    let reads = Atomic(0)
    let ended = Semaphore()

    func reading(of file: TestFile) throws -> FileReading {
      let access = FileAccess(
        isInMemory: { _ in false },
        bring: { [self] _ in
          reads.add(1, ordering: .relaxed)
          isAsked.post()
          gate.wait(atMost: .seconds(60))
          return true
        })
      let content = try FileContent(path: file.path, access: access)
      return FileReading(FileContent.Slice(content, 0..<1)) { [self] in ended.post() }
    }
  }

  private let disk = Disk()

  @Test func `a disk that hangs has a limited number of reads, and those of clients that are gone do not count`() throws
  {
    let file = try TestFile([1])
    let readers = FileReaders(mostWaiting: 2)
    // These keep the threads busy.
    let busy = try (0..<4).map { _ in try disk.reading(of: file) }
    for reading in busy {
      #expect(readers.read(reading))
      disk.isAsked.wait(atMost: .seconds(60))
    }
    var waiting = try (0..<2).map { _ in try disk.reading(of: file) }
    for reading in waiting { #expect(readers.read(reading)) }
    let last = try disk.reading(of: file)
    #expect(!readers.read(last))
    waiting = []
    #expect(readers.read(last))
    for _ in 0..<5 { disk.gate.post() }
    for _ in 0..<5 { disk.ended.wait(atMost: .seconds(60)) }
    #expect(last.outcome == .done)
    // Nobody has read for the two that are gone.
    #expect(disk.reads.load(ordering: .relaxed) == 5)
  }

  @Test func `a read that fails says so`() throws {
    let file = try TestFile([1, 2, 3])
    let content = try FileContent(path: file.path)
    let readers = FileReaders()
    let ended = Semaphore()
    let reading = FileReading(FileContent.Slice(content, 0..<3)) { ended.post() }
    #expect(reading.outcome == .pending)
    // The file becomes shorter.
    file.resize(to: 2)
    #expect(readers.read(reading))
    ended.wait(atMost: .seconds(60))
    #expect(reading.outcome == .failed)
  }
}
