/// The three gates that a request passes: by its host and its sender, by a listener's token, by an operator's token.
struct Gates: Sendable {
  let origins: OriginGates
  let listeners: ListenerGates
  /// The listeners' port; see `TokenCookie`.
  let port: UInt16
  let operators: OperatorGate
  /// How a refusal spells the setting that would let the request in.
  let spelling: SettingSpelling
}
