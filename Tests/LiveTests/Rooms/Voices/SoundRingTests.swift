import System
import Testing

@testable import Live

@Suite struct SoundRingTests {
  private func push(_ bytes: [UInt8], _ tag: Int, to ring: SoundRing) -> Bool {
    bytes.withUnsafeBytes { ring.push($0, kind: 7, tag: tag) }
  }

  private func pop(_ ring: SoundRing) -> (bytes: [UInt8], tag: Int)? {
    var record: (bytes: [UInt8], tag: Int)?
    ring.pop { bytes, kind, tag in
      #expect(kind == 7)
      record = (Array(bytes), tag)
    }
    return record
  }

  @Test func `records of any length come out as they went in, again and again around the end of the memory`() {
    let ring = SoundRing(capacity: 4096)
    #expect(ring.isEmpty)
    var next = 0
    for round in 0..<400 {
      let lengths = [0, 1, 15, 16, 17, 976, 1936].map { $0 + round % 3 }
      for (index, length) in lengths.enumerated() where index % 2 == round % 2 {
        #expect(push([UInt8](repeating: UInt8(index), count: length), next, to: ring))
        next += 1
      }
      var taken = next - lengths.indices.count { $0 % 2 == round % 2 }
      for (index, length) in lengths.enumerated() where index % 2 == round % 2 {
        let record = pop(ring)
        #expect(record?.tag == taken)
        #expect(record?.bytes == [UInt8](repeating: UInt8(index), count: length))
        taken += 1
      }
    }
    #expect(pop(ring) == nil)
    #expect(ring.isEmpty)
  }

  @Test func `a record that finds no place is refused, and the others stay whole`() {
    let ring = SoundRing(capacity: 4096)
    var count = 0
    while push([UInt8](repeating: UInt8(count), count: 1000), count, to: ring) { count += 1 }
    #expect(count == 4)
    #expect(!push([UInt8](repeating: 9, count: 100), 9, to: ring))
    for number in 0..<count {
      #expect(pop(ring)?.tag == number)
    }
    #expect(push([UInt8](repeating: 9, count: 1000), 9, to: ring))
    #expect(pop(ring)?.tag == 9)
  }

  @Test func `two threads use the ring at the same time, and no record is lost, doubled or torn`() {
    let ring = SoundRing(capacity: 1 << 14)
    let records = 20_000
    let writer = NamedThread(name: "writer") {
      var number = 0
      while number < records {
        let length = number % 700
        let isTaken = ring.push(count: length, tag: number) { place in
          for index in 0..<length {
            place.storeBytes(of: UInt8(truncatingIfNeeded: number), toByteOffset: index, as: UInt8.self)
          }
        }
        if isTaken { number += 1 }
      }
    }
    var (expected, torn) = (0, 0)
    while expected < records {
      ring.pop { bytes, _, tag in
        let isWhole =
          tag == expected && bytes.count == tag % 700 && bytes.allSatisfy { $0 == UInt8(truncatingIfNeeded: tag) }
        if !isWhole { torn += 1 }
        expected += 1
      }
    }
    writer.join()
    #expect(torn == 0)
    #expect(ring.isEmpty)
  }
}
