package import Core
import Glibc

/// The built-in test tone: a continuous pilot tone in which any gap is audible, and a short pip on each second of the
/// wall clock. Deterministic from its start.
package struct TestTone: Sendable {
  private static let pilotHertz = 440
  private static let pipHertz = 1760.0
  private static let pipMilliseconds = 60
  private static let fullScale = 0x1p31

  private let pilot: [Int32]
  private let pip: [Int32]
  private let sampleRate: Int
  /// Samples from the start of a wall-clock second to sample 0.
  private let offset: Int

  /// - Parameter start: wall-clock time of sample 0.
  package init(sampleRate: Int, start: WallTime) {
    self.sampleRate = sampleRate
    offset = start.microseconds % 1_000_000 * sampleRate / 1_000_000
    // The table holds whole periods only, so that it repeats without a seam.
    let length = sampleRate / greatestCommonDivisor(sampleRate, Self.pilotHertz)
    pilot = (0..<length).map {
      Int32(0.1 * Self.fullScale * sin(2 * .pi * Double($0 * Self.pilotHertz % sampleRate) / Double(sampleRate)))
    }
    let pipLength = sampleRate * Self.pipMilliseconds / 1000
    pip = (0..<pipLength).map {
      let window = 0.5 - 0.5 * cos(2 * .pi * Double($0) / Double(pipLength))
      return Int32(0.25 * Self.fullScale * window * sin(2 * .pi * Self.pipHertz * Double($0) / Double(sampleRate)))
    }
  }

  /// The sample at `position` from the start, the same in every channel; full scale is 2^31.
  package func sample(at position: Int) -> Int32 {
    let inSecond = (offset + position) % sampleRate
    return pilot[position % pilot.count] + (inSecond < pip.count ? pip[inSecond] : 0)
  }
}
