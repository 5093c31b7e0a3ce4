import Core
import Testing

@Suite struct RandomNumbersTests {
  /// The first numbers of SplitMix64 for the seed 1234567, as Rosetta Code lists them.
  @Test func `the numbers are those of SplitMix64`() {
    var random = RandomNumbers(seed: 1_234_567)
    let numbers = (0..<5).map { _ in random.next() }
    #expect(
      numbers == [
        6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423, 4_593_380_528_125_082_431,
        16_408_922_859_458_223_821,
      ])
  }
}
