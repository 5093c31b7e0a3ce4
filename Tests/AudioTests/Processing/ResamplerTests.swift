import Audio
import Glibc
import Testing

@Suite struct ResamplerTests {
  private func tone(_ hertz: Double, rate: Int, seconds: Double) -> [Int32] {
    (0..<Int(Double(rate) * seconds)).map { Int32(0x1p30 * sin(2 * .pi * hertz * Double($0) / Double(rate))) }
  }

  /// Converts in blocks of odd sizes.
  private func convert(_ sound: [Int32], _ converter: inout Resampler, channels: Int = 1) -> [Int32] {
    var (rest, converted, size): (ArraySlice<Int32>, [Int32], Int) = (sound[...], [], 1)
    while !rest.isEmpty {
      let block = rest.prefix(size * channels)
      rest = rest.dropFirst(block.count)
      converted += converter.convert(Array(block))
      size = size % 997 + 113
    }
    return converted
  }

  @Test(arguments: [(44_100, 48_000), (48_000, 44_100), (8000, 48_000), (96_000, 48_000), (192_000, 44_100)])
  func `a tone stays the tone that it is, to a ten-thousandth, and as long`(input: Int, output: Int) {
    var converter = Resampler(
      from: PCMFormat(sampleRate: input, channels: 1), to: PCMFormat(sampleRate: output, channels: 1))
    let converted = convert(tone(1000, rate: input, seconds: 1), &converter)
    #expect(abs(converted.count - output) <= 40 * output / min(input, output))
    // The input's first sample is the output's first.
    let expected = tone(1000, rate: output, seconds: 1)
    let worst = zip(converted, expected).dropFirst(300).map { abs(Double($0) - Double($1)) }.max()!
    #expect(worst < 1e-4 * 0x1p31)
  }

  @Test func `what is above the lower rate's band is not heard`() {
    var converter = Resampler(
      from: PCMFormat(sampleRate: 96_000, channels: 1), to: PCMFormat(sampleRate: 32_000, channels: 1))
    let converted = convert(tone(20_000, rate: 96_000, seconds: 1), &converter)
    #expect(converted.dropFirst(300).map { abs(Double($0)) }.max()! < 1e-3 * 0x1p31)
  }

  @Test func `one channel becomes two, and two are mixed to one`() {
    let (mono, stereo) = (PCMFormat(sampleRate: 48_000, channels: 1), PCMFormat(sampleRate: 48_000, channels: 2))
    var one = Resampler(from: mono, to: stereo)
    let copied = one.convert([1 << 20, -1 << 21] + Array(repeating: 0, count: 64))
    #expect(Array(copied[..<6]) == [1 << 20, 1 << 20, -1 << 21, -1 << 21, 0, 0])
    var two = Resampler(from: stereo, to: mono)
    let mixed = two.convert([1 << 20, 1 << 22, -1 << 21, 0] + Array(repeating: 0, count: 64))
    #expect(Array(mixed[..<3]) == [5 << 19, -1 << 20, 0])
  }
}
