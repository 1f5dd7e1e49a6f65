import Testing

/// How the package behaves, one test after the other.
@Suite(.serialized) struct Behaviour {}
